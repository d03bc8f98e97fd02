import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { Flag, readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Index = z.object({
  IndexName: z.string(),
  KeySchema,
  Projection: z.object({
    ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']).default('ALL'),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});
const TableProperties = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema,
  GlobalSecondaryIndexes: z.array(Index).optional(),
  LocalSecondaryIndexes: z.array(Index).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: Flag }).optional(),
});
type TableProperties = z.infer<typeof TableProperties>;

const POLL_MILLISECONDS = 10;

/**
 * Makes every AWS::DynamoDB::Table that is not there, with its indexes and its time to live.
 *
 * @throws {TemplateError} where a table of that name is there with other keys: CloudFormation would replace it, and
 * what it holds would be lost.
 */
export async function createTables(stack: Stack, dynamoDb: DynamoDBClient): Promise<void> {
  await Promise.all(
    resourcesOfType(stack, 'AWS::DynamoDB::Table').map(async (resource) => {
      const properties = readProperties(TableProperties, resource);
      const there = await describe(dynamoDb, resource.name);
      if (there === undefined) await create(dynamoDb, resource, properties);
      else requireSameKeys(resource, properties, there);
      await setTimeToLive(dynamoDb, resource.name, properties);
    }),
  );
}

async function describe(dynamoDb: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamoDb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(dynamoDb: DynamoDBClient, { name }: StackResource, properties: TableProperties): Promise<void> {
  const { TimeToLiveSpecification: _, ...definition } = properties;
  await dynamoDb.send(new CreateTableCommand({ TableName: name, BillingMode: 'PAY_PER_REQUEST', ...definition }));
  while ((await describe(dynamoDb, name))?.TableStatus !== 'ACTIVE')
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
}

function requireSameKeys(resource: StackResource, wanted: TableProperties, there: TableDescription): void {
  const keysOf = (table: {
    readonly KeySchema?: unknown;
    readonly GlobalSecondaryIndexes?:
      | readonly { readonly IndexName?: string | undefined; readonly KeySchema?: unknown }[]
      | undefined;
  }) => ({
    table: table.KeySchema,
    indexes: Object.fromEntries(
      (table.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index.KeySchema]),
    ),
  });
  if (!isDeepStrictEqual(keysOf(wanted), keysOf(there)))
    throw new TemplateError(
      resource.logicalId,
      `the table ${resource.name} is there with other keys than the template's; start afresh in another folder`,
    );
}

async function setTimeToLive(
  dynamoDb: DynamoDBClient,
  TableName: string,
  { TimeToLiveSpecification }: TableProperties,
): Promise<void> {
  const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }));
  const isOn = TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
  const isWanted = TimeToLiveSpecification?.Enabled ?? false;
  const AttributeName = TimeToLiveSpecification?.AttributeName ?? TimeToLiveDescription?.AttributeName;
  if (isOn === isWanted || AttributeName === undefined) return;
  await dynamoDb.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled: isWanted } }),
  );
}
