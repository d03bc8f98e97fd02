import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import type { RegistryTable } from './registry-table.ts';

/** One item, strongly consistent and parsed; undefined where there is none. */
export async function getItem<Schema extends z.ZodType>(
  { client, tableName }: RegistryTable,
  key: { pk: string; sk: string },
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  return Item && schema.parse(Item);
}
