import { BillingRule, type BillingRuleDraft } from '../../domain/billing-rule.ts';
import { checkRule } from '../../domain/check-rule.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { requireCustomer } from '../customers/require-customer.ts';

/** A rule is one item of at most 400 KB (DynamoDB limit), and 400 of them are one answer of at most 6 MB (Lambda limit). */
const RULE_BYTES_MAX = 100_000;
const CUSTOMERS_MOST = 500;

/** A sent rule as it may be stored: consistent in itself, of a size that can be kept, naming only customers that exist. */
export async function acceptRule(
  draft: BillingRuleDraft<CustomerId>,
  customers: Pick<CustomerStore, 'find'>,
): Promise<BillingRule> {
  const rule = BillingRule.parse(checkRule(draft));
  requireSize(rule);
  if (rule.customers === 'all') return rule;
  const named = [...new Set(rule.customers)];
  if (named.length > CUSTOMERS_MOST)
    throw new Problem('too_many_items', { what: 'customers', most: CUSTOMERS_MOST, got: named.length });
  await Promise.all(named.map((id) => requireCustomer(customers, id)));
  return { ...rule, customers: named };
}

function requireSize(rule: BillingRule): void {
  const bytes = Buffer.byteLength(JSON.stringify(rule));
  if (bytes > RULE_BYTES_MAX)
    throw new Problem('invalid_request', {
      errors: [{ pointer: '/filter', detail: `a rule of at most ${RULE_BYTES_MAX} bytes; this one has ${bytes}` }],
    });
}
