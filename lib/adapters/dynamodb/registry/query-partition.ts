import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { Problem } from '../../../domain/problem.ts';
import type { Page } from '../../../ports/run-store.ts';
import type { RegistryTable } from './registry-table.ts';

/** One page of a partition in key order, strongly consistent, each item parsed. */
export async function queryPage<Schema extends z.ZodType>(
  { client, tableName }: RegistryTable,
  partition: string,
  schema: Schema,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<z.output<Schema>>> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition },
      ConsistentRead: true,
      Limit: limit,
      ...(cursor === undefined ? {} : { ExclusiveStartKey: { pk: partition, sk: readCursor(cursor) } }),
    }),
  );
  const items = Items.map((item) => schema.parse(item));
  return LastEvaluatedKey
    ? { items, cursor: Buffer.from(String(LastEvaluatedKey.sk)).toString('base64url') }
    : { items };
}

/** Every item of a partition. */
export async function queryAll<Schema extends z.ZodType>(
  table: RegistryTable,
  partition: string,
  schema: Schema,
): Promise<z.output<Schema>[]> {
  const all: z.output<Schema>[] = [];
  let cursor: string | undefined;
  do {
    const page = await queryPage(table, partition, schema, { limit: 1000, cursor });
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

/** A sort key takes 1,024 bytes (DynamoDB limit). */
const SORT_KEY_BYTES_MAX = 1024;

function readCursor(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const sk = bytes.toString('utf8');
  if (sk === '' || sk.includes('\uFFFD') || bytes.length > SORT_KEY_BYTES_MAX)
    throw new Problem('invalid_request', { errors: [{ pointer: 'query/cursor', detail: 'not a cursor of ours' }] });
  return sk;
}
