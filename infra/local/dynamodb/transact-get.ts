import { z } from 'zod';
import { Item } from './attribute-value.ts';
import type { DynamoDbCall } from './dynalite-engine.ts';
import { itemKeysOf, requireTransactionSize, type TransactGetRequest } from './transact-items.ts';

const GotItem = z.object({ Item: Item.optional() });

/**
 * Reads items as of one moment; must run beside no transaction that writes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
 *
 * @returns one member per Get, in order, empty where there is no item.
 */
export async function transactGet({ TransactItems }: TransactGetRequest, call: DynamoDbCall) {
  await itemKeysOf(
    TransactItems.map(({ Get: input }) => ({ input })),
    call,
  );
  const Responses: z.infer<typeof GotItem>[] = [];
  for (const { Get } of TransactItems) {
    const answer = GotItem.parse(await call('GetItem', { ...Get, ConsistentRead: true }));
    Responses.push(answer.Item === undefined ? {} : { Item: answer.Item });
  }
  requireTransactionSize(Responses.flatMap(({ Item: item }) => (item === undefined ? [] : [item])));
  return { Responses };
}
