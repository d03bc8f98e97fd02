import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { startDynamoDb } from '../../../../infra/local/dynamodb/dynamodb.ts';
import { CLIENT, endpointElsewhere } from './suite-target.ts';

export type Item = Record<string, AttributeValue>;

/** The key of an item in the suites' table. */
export const keyOf = (pk: string, sk = 'a') => ({ pk: { S: pk }, sk: { S: sk } });

/** The suites' table: two-part key, and an index on `g` and `sk`. */
export async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const AttributeDefinitions = ['pk', 'sk', 'g'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S' as const,
  }));
  const keys = (hash: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ];
  const byG = { IndexName: 'byG', KeySchema: keys('g'), Projection: { ProjectionType: 'ALL' as const } };
  const table = { TableName, AttributeDefinitions, KeySchema: keys('pk'), BillingMode: 'PAY_PER_REQUEST' as const };
  await client.send(new CreateTableCommand({ ...table, GlobalSecondaryIndexes: [byG] }));
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
}

/** A table to try things on, and the calls the suites make most. */
export interface DynamoDbUnderTest {
  readonly client: DynamoDBClient;
  readonly table: string;
  put(item: Item, more?: Partial<PutItemCommandInput>): Promise<unknown>;
  get(pk: string, sk?: string): Promise<Item | undefined>;
  transact(items: TransactWriteItemsCommandInput['TransactItems'], token?: string): Promise<unknown>;
}

/** Opens a table of its own for the tests of one file, and closes all of it after them. */
export function dynamoDbUnderTest(options: { readonly now?: () => Date } = {}): DynamoDbUnderTest {
  const table = `suite-${randomBytes(5).toString('hex')}`;
  const elsewhere = endpointElsewhere('dynamodb');
  let client = new DynamoDBClient({ ...CLIENT, endpoint: elsewhere ?? 'http://127.0.0.1:1' });
  let close = async (): Promise<void> => {};
  beforeAll(async () => {
    if (elsewhere === undefined) {
      const standIn = await startDynamoDb(options);
      client = new DynamoDBClient({ ...CLIENT, endpoint: standIn.endpoint });
      close = () => standIn.close();
    }
    await createTable(client, table);
  });
  afterAll(async () => {
    client.destroy();
    await close();
  });
  return {
    get client() {
      return client;
    },
    table,
    put: (Item, more = {}) => client.send(new PutItemCommand({ TableName: table, Item, ...more })),
    async get(pk, sk) {
      const read = { TableName: table, Key: keyOf(pk, sk), ConsistentRead: true };
      return (await client.send(new GetItemCommand(read))).Item;
    },
    transact: (TransactItems, token) =>
      client.send(
        new TransactWriteItemsCommand({ TransactItems, ...(token === undefined ? {} : { ClientRequestToken: token }) }),
      ),
  };
}
