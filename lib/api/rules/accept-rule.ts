import { BillingRule, type BillingRuleDraft } from '../../domain/billing-rule.ts';
import { checkRule } from '../../domain/check-rule.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { requireCustomer } from '../customers/require-customer.ts';

/** A sent rule as it may be stored: consistent in itself, and naming only customers that exist. */
export async function acceptRule(
  draft: BillingRuleDraft<CustomerId>,
  customers: Pick<CustomerStore, 'find'>,
): Promise<BillingRule> {
  const rule = BillingRule.parse(checkRule(draft));
  if (rule.customers !== 'all') for (const id of rule.customers) await requireCustomer(customers, id);
  return rule;
}
