import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoDbAuditLog } from '../../../../lib/adapters/dynamodb/audit-log.ts';
import { type OpenTable, openTable } from './open-table.ts';

let table: OpenTable;
beforeAll(async () => {
  table = await openTable('registry');
});
afterAll(() => table.close());

test('what was done is read day by day in its order, and is not written over', async () => {
  const log = dynamoDbAuditLog(table);
  const line = (minute: string, kind: 'asked' | 'answered') => ({
    ...{ at: `2025-03-15T12:${minute}:00.000Z`, requestId: 'r1', kind, operationId: 'createRule', sub: 'joe' },
  });
  await log.append(line('02', 'answered'));
  await log.append(line('01', 'asked'));
  await expect(log.append({ ...line('01', 'asked'), sub: 'mallory' })).rejects.toThrow();
  const { Items } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      KeyConditionExpression: 'pk = :day',
      ExpressionAttributeValues: { ':day': 'AUDIT#2025-03-15' },
    }),
  );
  expect(Items).toMatchObject([line('01', 'asked'), line('02', 'answered')]);
});
