import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { type RunsTable, STATE } from './runs-table.ts';

/** BatchGetItem takes 100 keys (DynamoDB limit). */
const keysMost = 100;

/** The records of these partition keys in the order asked for, strongly consistent and parsed; one that is gone is left out. */
export async function getStates<Schema extends z.ZodType>(
  { client, tableName }: RunsTable,
  partitionKeys: readonly string[],
  schema: Schema,
): Promise<z.output<Schema>[]> {
  const found = new Map<string, z.output<Schema>>();
  let wanted = partitionKeys.map((pk) => ({ pk, sk: STATE }));
  while (wanted.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: wanted.slice(0, keysMost), ConsistentRead: true } } }),
    );
    for (const item of Responses?.[tableName] ?? []) found.set(String(item.pk), schema.parse(item));
    const again = (UnprocessedKeys?.[tableName]?.Keys ?? []).map(({ pk }) => ({ pk: String(pk), sk: STATE }));
    wanted = [...again, ...wanted.slice(keysMost)];
  }
  return partitionKeys.flatMap((pk) => found.get(pk) ?? []);
}
