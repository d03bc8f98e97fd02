import { listSubAccounts } from '../../lib/contracts/sub-accounts/list-sub-accounts.ts';
import type { ApiClient } from './api-client.ts';
import { ApportionConfig } from './config/apportion-config.ts';

/** A sub account that a delivery has named. */
interface Seen {
  readonly id: string;
  readonly name: string | null;
}

/**
 * The configuration that holds where none is given: every sub account is a customer of its own, named by its name, else
 * its id; by both where names collide (`split-command.md`).
 */
export async function customersOfSubAccounts(api: ApiClient): Promise<ApportionConfig> {
  const seen = new Map<string, Seen>();
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = (await api.call(listSubAccounts, { query: { limit: 200, cursor } })).body;
    for (const one of items) seen.set(one.id.toLowerCase(), one);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return ApportionConfig.parse({ customers: namedCustomers([...seen.values()]) });
}

/** One customer per sub account, by name; exported for its test. */
export function namedCustomers(seen: readonly Seen[]): { name: string; subAccounts: string[] }[] {
  const plainName = ({ id, name }: Seen) => (name === null || name.trim() === '' ? id : name);
  const count = Map.groupBy(seen, (one) => plainName(one).toLowerCase());
  return seen
    .map((one) => {
      const name = plainName(one);
      const collides = (count.get(name.toLowerCase())?.length ?? 0) > 1 && name !== one.id;
      return { name: (collides ? `${name} (${one.id})` : name).slice(0, 200), subAccounts: [one.id] };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
