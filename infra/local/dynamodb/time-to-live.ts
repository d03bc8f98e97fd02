import { z } from 'zod';
import { Item } from './attribute-value.ts';
import type { DynamoDbCall } from './dynalite-engine.ts';
import { DynamoDbProblem, validationProblem } from './dynamodb-problem.ts';
import type { SettingsByTable } from './table-settings.ts';

const UpdateRequest = z.object({
  TableName: z.string(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }),
});
const DescribeRequest = z.object({ TableName: z.string() });

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 *
 * @throws DynamoDbProblem ResourceNotFoundException; ValidationException when it is so already.
 */
export async function updateTimeToLive(body: unknown, call: DynamoDbCall, settings: SettingsByTable) {
  const { TableName, TimeToLiveSpecification } = UpdateRequest.parse(body);
  const { AttributeName, Enabled } = TimeToLiveSpecification;
  await call('DescribeTable', { TableName });
  const { timeToLive, ...rest } = settings.get(TableName);
  if (Enabled && timeToLive !== undefined) throw validationProblem('TimeToLive is already enabled');
  if (!Enabled && timeToLive === undefined) throw validationProblem('TimeToLive is already disabled');
  settings.set(TableName, Enabled ? { ...rest, timeToLive: AttributeName } : rest);
  return { TimeToLiveSpecification };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html */
export async function describeTimeToLive(body: unknown, call: DynamoDbCall, settings: SettingsByTable) {
  const { TableName } = DescribeRequest.parse(body);
  await call('DescribeTable', { TableName });
  const { timeToLive } = settings.get(TableName);
  const enabled = { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive };
  return { TimeToLiveDescription: timeToLive === undefined ? { TimeToLiveStatus: 'DISABLED' } : enabled };
}

/** Items whose time is longer past than this are kept: DynamoDB takes such a number for no time at all. */
const PAST_SECONDS_MAX = 5 * 365 * 24 * 3600;

const ScanPage = z.object({ Items: z.array(Item), LastEvaluatedKey: Item.optional() });
const Described = z.object({ Table: z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })) }) });

/**
 * Deletes the items of one table whose time has come, unless they change meanwhile.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 *
 * @returns how many
 */
export async function deleteExpired(
  TableName: string,
  attribute: string,
  now: Date,
  call: DynamoDbCall,
): Promise<number> {
  const { Table } = Described.parse(await call('DescribeTable', { TableName }));
  const nowSeconds = Math.floor(now.getTime() / 1000);
  let deleted = 0;
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = ScanPage.parse(
      await call('Scan', {
        TableName,
        FilterExpression: '#ttl BETWEEN :earliest AND :now',
        ExpressionAttributeNames: { '#ttl': attribute },
        ExpressionAttributeValues: {
          ':earliest': { N: String(nowSeconds - PAST_SECONDS_MAX) },
          ':now': { N: String(nowSeconds) },
        },
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    for (const item of page.Items) {
      const isDeleted = await deleteUnchanged(
        {
          TableName,
          Key: Object.fromEntries(Table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]])),
          ConditionExpression: '#ttl = :seen',
          ExpressionAttributeNames: { '#ttl': attribute },
          ExpressionAttributeValues: { ':seen': item[attribute] },
        },
        call,
      );
      deleted += isDeleted ? 1 : 0;
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return deleted;
}

async function deleteUnchanged(input: object, call: DynamoDbCall): Promise<boolean> {
  try {
    await call('DeleteItem', input);
    return true;
  } catch (error) {
    if (error instanceof DynamoDbProblem && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
