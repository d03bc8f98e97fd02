import { listCustomers } from '../../lib/contracts/customers/list-customers.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import type { ApiClient } from './api-client.ts';

/** Every customer's id by its name, all pages. */
export async function customersByName(api: ApiClient): Promise<ReadonlyMap<string, CustomerId>> {
  const ids = new Map<string, CustomerId>();
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = (await api.call(listCustomers, { query: { limit: 200, cursor } })).body;
    for (const { id, name } of items) ids.set(name, id);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return ids;
}
