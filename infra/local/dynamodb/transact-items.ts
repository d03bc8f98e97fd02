import { z } from 'zod';
import { Item, itemSizeBytes } from './attribute-value.ts';
import type { DynamoDbCall } from './dynalite-engine.ts';
import { validationProblem } from './dynamodb-problem.ts';

const ACTIONS_MAX = 100;
const BYTES_MAX = 4 * 1024 * 1024;

/** What all four actions have in common. */
const condition = {
  TableName: z.string(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: Item.optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(['NONE', 'ALL_OLD']).optional(),
};
const Put = z.object({ ...condition, Item });
const Delete = z.object({ ...condition, Key: Item });
const Update = z.object({ ...condition, Key: Item, UpdateExpression: z.string() });
const ConditionCheck = z.object({ ...condition, Key: Item, ConditionExpression: z.string() });

/** One action of TransactWriteItems: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItem.html */
export type WriteAction =
  | { readonly kind: 'Put'; readonly input: z.infer<typeof Put> }
  | { readonly kind: 'Delete'; readonly input: z.infer<typeof Delete> }
  | { readonly kind: 'Update'; readonly input: z.infer<typeof Update> }
  | { readonly kind: 'ConditionCheck'; readonly input: z.infer<typeof ConditionCheck> };

const WriteItem = z.union([
  z.strictObject({ Put }).transform(({ Put: input }): WriteAction => ({ kind: 'Put', input })),
  z.strictObject({ Delete }).transform(({ Delete: input }): WriteAction => ({ kind: 'Delete', input })),
  z.strictObject({ Update }).transform(({ Update: input }): WriteAction => ({ kind: 'Update', input })),
  z
    .strictObject({ ConditionCheck })
    .transform(({ ConditionCheck: input }): WriteAction => ({ kind: 'ConditionCheck', input })),
]);

const Get = z.object({
  TableName: z.string(),
  Key: Item,
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
});

const TransactWriteRequest = z.object({ TransactItems: z.array(WriteItem), ClientRequestToken: z.string().optional() });
const TransactGetRequest = z.object({ TransactItems: z.array(z.strictObject({ Get })) });
export type TransactWriteRequest = z.infer<typeof TransactWriteRequest>;
export type TransactGetRequest = z.infer<typeof TransactGetRequest>;

/** An action's item: `id` is the same for two actions on one item. */
export interface ItemKey {
  readonly TableName: string;
  readonly Key: Item;
  readonly id: string;
}

function parsed<Request extends { readonly TransactItems: readonly unknown[] }>(
  schema: z.ZodType<Request>,
  body: unknown,
): Request {
  const result = schema.safeParse(body);
  if (!result.success) throw validationProblem(`TransactItems: ${z.prettifyError(result.error)}`);
  const { length } = result.data.TransactItems;
  if (length === 0 || length > ACTIONS_MAX)
    throw validationProblem(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${
        length === 0 ? 'greater than or equal to 1' : `less than or equal to ${ACTIONS_MAX}`
      }`,
    );
  return result.data;
}

/** @throws DynamoDbProblem ValidationException */
export const parseTransactWrite = (body: unknown): TransactWriteRequest => parsed(TransactWriteRequest, body);

/** @throws DynamoDbProblem ValidationException */
export const parseTransactGet = (body: unknown): TransactGetRequest => parsed(TransactGetRequest, body);

const DescribedKeys = z.object({ Table: z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })) }) });

/**
 * The key of what each action is about; a Put's is taken out of its item by the table's key schema.
 *
 * @throws DynamoDbProblem ResourceNotFoundException, or ValidationException for a missing key or an item met twice.
 */
export async function itemKeysOf(
  actions: readonly { readonly input: { readonly TableName: string; readonly Key?: Item; readonly Item?: Item } }[],
  call: DynamoDbCall,
): Promise<readonly ItemKey[]> {
  const schemas = new Map<string, readonly string[]>();
  for (const { input } of actions)
    if (!schemas.has(input.TableName)) {
      const { Table } = DescribedKeys.parse(await call('DescribeTable', { TableName: input.TableName }));
      schemas.set(
        input.TableName,
        Table.KeySchema.map(({ AttributeName }) => AttributeName),
      );
    }
  const keys = actions.map(({ input: { TableName, Key, Item: item } }): ItemKey => {
    const parts = (schemas.get(TableName) ?? []).map((name) => {
      const value = (Key ?? item)?.[name];
      if (value === undefined)
        throw validationProblem(`One or more parameter values were invalid: Missing the key ${name} in the item`);
      return [name, value] as const;
    });
    return { TableName, Key: Key ?? Object.fromEntries(parts), id: JSON.stringify([TableName, parts]) };
  });
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    throw validationProblem('Transaction request cannot include multiple operations on one item');
  return keys;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html: 4 MB over all items */
export function requireTransactionSize(items: Iterable<Item>): void {
  let left = BYTES_MAX;
  for (const item of items) left -= itemSizeBytes(item);
  if (left < 0) throw validationProblem('Collection size exceeded: the items of a transaction take more than 4 MB');
}
