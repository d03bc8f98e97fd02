import { assignSubAccounts } from '../../lib/contracts/assignments/assign-sub-accounts.ts';
import { createCustomer } from '../../lib/contracts/customers/create-customer.ts';
import { createIntegration } from '../../lib/contracts/integrations/create-integration.ts';
import { createRule } from '../../lib/contracts/rules/create-rule.ts';
import { getSettings } from '../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../lib/contracts/settings/update-settings.ts';
import { foldedId } from '../../lib/domain/folded-id.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import type { ApiClient } from './api-client.ts';
import { type ApportionConfig, ownedSubAccount } from './config/apportion-config.ts';

/** Most sub accounts that one call of assignSubAccounts takes. */
const SUB_ACCOUNTS_A_CALL = 40;

/** Makes the integration that the bill will be delivered to. */
export async function connectIntegration(
  api: ApiClient,
  integration: { id: string; name: string; delivery: 'data_exports' | 'files' },
): Promise<void> {
  await api.call(createIntegration, { body: { ...integration, format: 'focus' } });
}

/** Writes a configuration through the API, as the partner's portal would. Returns the customers' ids by name. */
export async function applyConfig(api: ApiClient, config: ApportionConfig): Promise<ReadonlyMap<string, CustomerId>> {
  const { etag } = await api.call(getSettings);
  const { name, currency, precedence, commitments } = config.partner;
  await api.call(updateSettings, {
    body: { name, currency: currency ?? null, precedence, commitments },
    ifMatch: etag ?? '',
  });
  await assign(api, 'partner', config.partner.subAccounts);
  const ids = new Map<string, CustomerId>();
  for (const customer of config.customers) {
    const { body } = await api.call(createCustomer, { body: customerOf(customer) });
    ids.set(customer.name, body.id);
  }
  // An assignment asks for what is published to be priced again; a customer who owns nothing yet does not.
  for (const { name: owner, subAccounts } of config.customers) {
    const id = ids.get(owner);
    if (id !== undefined) await assign(api, id, subAccounts);
  }
  for (const rule of config.rules) {
    const customers = rule.customers === 'all' ? 'all' : rule.customers.map((one) => ids.get(one) ?? one);
    await api.call(createRule, { body: { ...rule, customers } as never });
  }
  return ids;
}

/** A customer without a policy of its own is under the partner's. */
function customerOf({ name, commitments }: ApportionConfig['customers'][number]) {
  return { name, ...(commitments === undefined ? {} : { commitments }) };
}

async function assign(
  api: ApiClient,
  owner: CustomerId | 'partner',
  entries: ApportionConfig['partner']['subAccounts'],
): Promise<void> {
  const all = entries.map(ownedSubAccount).map(({ id, ...days }) => ({ subAccountId: id, ...days }));
  for (const batch of batches(all)) await api.call(assignSubAccounts, { body: { owner, subAccounts: batch } });
}

/** One call takes each sub account once, so a second range of the same one goes into the next call. */
function batches<Entry extends { subAccountId: string; provider: string | null }>(
  entries: readonly Entry[],
): Entry[][] {
  const calls: { keys: Set<string>; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const key = JSON.stringify([foldedId(entry.subAccountId), entry.provider]);
    const open = calls.find(({ keys, entries: taken }) => !keys.has(key) && taken.length < SUB_ACCOUNTS_A_CALL);
    const call = open ?? { keys: new Set<string>(), entries: [] };
    if (!open) calls.push(call);
    call.keys.add(key);
    call.entries.push(entry);
  }
  return calls.map((call) => call.entries);
}
