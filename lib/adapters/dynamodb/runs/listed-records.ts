import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { Problem } from '../../../domain/problem.ts';
import { TABLE_ATTRIBUTES } from '../../../names/table-attributes.ts';
import type { Page } from '../../../ports/run-store.ts';
import { transact } from '../registry/transact.ts';
import { getStates } from './get-states.ts';
import { type RunsTable, STATE } from './runs-table.ts';

/** One kind of record: its partition key, and the lists it stands in (newest first by `listedAt`). */
export interface RecordKind<Schema extends z.ZodType<{ readonly id: string }>> {
  readonly prefix: string;
  readonly schema: Schema;
  readonly listedAt: (record: z.output<Schema>) => string;
  readonly lists: (record: z.output<Schema>) => readonly string[];
}

/** Adds a record and its place in every list, in one transaction; `false` when there is one of this id. */
export async function addRecord<Schema extends z.ZodType<{ readonly id: string }>>(
  table: RunsTable,
  kind: RecordKind<Schema>,
  record: z.output<Schema>,
): Promise<boolean> {
  const pk = `${kind.prefix}${record.id}`;
  const listed = kind.lists(record).map((listKey) => ({
    Put: {
      TableName: table.tableName,
      Item: {
        pk,
        sk: listSortKey(listKey),
        [TABLE_ATTRIBUTES.listKey]: listKey,
        [TABLE_ATTRIBUTES.listSort]: `${kind.listedAt(record)}#${record.id}`,
      },
    },
  }));
  const put = {
    Put: {
      TableName: table.tableName,
      Item: { pk, sk: STATE, ...record },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  return (await transact(table, [put, ...listed])) === 'done';
}

/** One record, strongly consistent. */
export async function findRecord<Schema extends z.ZodType<{ readonly id: string }>>(
  { client, tableName }: RunsTable,
  kind: RecordKind<Schema>,
  id: string,
): Promise<z.output<Schema> | undefined> {
  const Key = { pk: `${kind.prefix}${id}`, sk: STATE };
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return Item && kind.schema.parse(Item);
}

/** A page of one list, newest first. The cursor is the place of the last record listed. */
export async function listRecords<Schema extends z.ZodType<{ readonly id: string }>>(
  table: RunsTable,
  kind: RecordKind<Schema>,
  listKey: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<z.output<Schema>>> {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      IndexName: TABLE_ATTRIBUTES.listIndex,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': TABLE_ATTRIBUTES.listKey },
      ExpressionAttributeValues: { ':key': listKey },
      ScanIndexForward: false,
      Limit: limit,
      ...(cursor === undefined ? {} : { ExclusiveStartKey: startKey(kind.prefix, listKey, cursor) }),
    }),
  );
  const items = await getStates(
    table,
    Items.map(({ pk }) => String(pk)),
    kind.schema,
  );
  if (!LastEvaluatedKey) return { items };
  return { items, cursor: Buffer.from(String(LastEvaluatedKey[TABLE_ATTRIBUTES.listSort])).toString('base64url') };
}

/**
 * Sets fields of a record that exists; where `status` is given only while the record still has it. `false`: not so.
 */
export async function changeRecord(
  { client, tableName }: RunsTable,
  pk: string,
  change: Readonly<Record<string, unknown>>,
  status?: string,
): Promise<boolean> {
  const fields = Object.entries(change);
  try {
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk, sk: STATE },
        UpdateExpression: `SET ${fields.map((_, index) => `#f${index} = :f${index}`).join(', ')}`,
        ConditionExpression: status === undefined ? 'attribute_exists(pk)' : '#status = :status',
        ExpressionAttributeNames: {
          ...Object.fromEntries(fields.map(([name], index) => [`#f${index}`, name])),
          ...(status === undefined ? {} : { '#status': 'status' }),
        },
        ExpressionAttributeValues: {
          ...Object.fromEntries(fields.map(([, value], index) => [`:f${index}`, value])),
          ...(status === undefined ? {} : { ':status': status }),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function listSortKey(listKey: string): string {
  return `LIST#${listKey}`;
}

function startKey(prefix: string, listKey: string, cursor: string): Record<string, string> {
  const listSort = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, id] = /^[^#]+#([^#]+)$/.exec(listSort) ?? [];
  if (id === undefined)
    throw new Problem('invalid_request', { errors: [{ pointer: 'query/cursor', detail: 'not a cursor of ours' }] });
  return {
    pk: `${prefix}${id}`,
    sk: listSortKey(listKey),
    [TABLE_ATTRIBUTES.listKey]: listKey,
    [TABLE_ATTRIBUTES.listSort]: listSort,
  };
}
