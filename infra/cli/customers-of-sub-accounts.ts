import { listSubAccounts } from '../../lib/contracts/sub-accounts/list-sub-accounts.ts';
import { foldedId } from '../../lib/domain/folded-id.ts';
import type { ApiClient } from './api-client.ts';
import { ApportionConfig } from './config/apportion-config.ts';

/** A sub account that a delivery has named. */
export interface SeenSubAccount {
  readonly id: string;
  readonly name: string | null;
  readonly provider: string | null;
}

/** A customer of the configuration that is made of one. */
interface NamedCustomer {
  readonly name: string;
  readonly subAccounts: readonly (string | { readonly id: string; readonly provider: string })[];
}

/**
 * The configuration that holds where none is given: every sub account is a customer of its own, named by its name, else
 * its id; by both where names collide (`split-command.md`).
 */
export async function customersOfSubAccounts(api: ApiClient): Promise<ApportionConfig> {
  const seen: SeenSubAccount[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = (await api.call(listSubAccounts, { query: { limit: 200, cursor } })).body;
    seen.push(...items);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return ApportionConfig.parse({ customers: namedCustomers(seen) });
}

/** One customer per sub account, by name. An id that several providers use is a sub account of each of them. */
export function namedCustomers(seen: readonly SeenSubAccount[]): NamedCustomer[] {
  const subAccounts = [...Map.groupBy(seen, ({ id }) => foldedId(id)).values()].flatMap((same) => {
    const ofProviders = [...new Map(same.map((one) => [one.provider, one])).values()];
    return ofProviders.map((one) => ({ ...one, isShared: ofProviders.length > 1 }));
  });
  const names = distinctNames(subAccounts);
  return subAccounts
    .map(({ id, provider, isShared }, index) => ({
      name: names[index] ?? id,
      subAccounts: [isShared && provider !== null ? { id, provider } : id],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Longest name that a customer may have. */
const NAME_CHARACTERS_MAX = 200;

/** Names get longer where they collide, whatever their case: by the id, then by the provider. */
function distinctNames(subAccounts: readonly SeenSubAccount[]): readonly string[] {
  let names = subAccounts.map((one) => nameOf(one, 0));
  for (const detail of [1, 2]) {
    const count = Map.groupBy(names, (name) => name.toLowerCase());
    names = names.map((name, index) => {
      const one = subAccounts[index];
      const collides = (count.get(name.toLowerCase())?.length ?? 0) > 1;
      return collides && one !== undefined ? nameOf(one, detail) : name;
    });
  }
  return names;
}

function nameOf({ id, name, provider }: SeenSubAccount, detail: number): string {
  const isNamed = name !== null && name.trim() !== '' && name !== id;
  const details = [...(isNamed && detail > 0 ? [id] : []), ...(detail > 1 && provider !== null ? [provider] : [])];
  const plain = isNamed ? name : id;
  return (details.length === 0 ? plain : `${plain} (${details.join(', ')})`).slice(0, NAME_CHARACTERS_MAX);
}
