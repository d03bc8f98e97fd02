import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DynamoDbStandIn, startDynamoDb } from '../../../../infra/local/dynamodb/dynamodb.ts';
import { TABLE_ATTRIBUTES } from '../../../../lib/names/table-attributes.ts';

/** A table with the keys and the index that the template declares. */
export interface OpenTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  close(): Promise<void>;
}

/** Opens an empty table on the stand-in. */
export async function openTable(tableName: string): Promise<OpenTable> {
  const standIn: DynamoDbStandIn = await startDynamoDb();
  const base = new DynamoDBClient({
    endpoint: standIn.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
  });
  const { partitionKey, sortKey, listIndex, listKey, listSort } = TABLE_ATTRIBUTES;
  await base.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [partitionKey, sortKey, listKey, listSort].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: keys(partitionKey, sortKey),
      GlobalSecondaryIndexes: [
        { IndexName: listIndex, KeySchema: keys(listKey, listSort), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  await untilActive(base, tableName);
  const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } });
  return {
    client,
    tableName,
    close: async () => {
      client.destroy();
      base.destroy();
      await standIn.close();
    },
  };
}

/** A table is made after CreateTable has answered, here as in AWS. */
async function untilActive(client: DynamoDBClient, TableName: string): Promise<void> {
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await setTimeout(5);
  }
}

function keys(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
}
