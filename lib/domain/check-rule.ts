import type { BillingRuleDraft } from './billing-rule.ts';
import { Problem } from './problem.ts';

/** A draft whose scope is somebody: "all", or a list of customers without it. */
export type CheckedRule<Reference extends string> = BillingRuleDraft<Reference> & {
  readonly customers: 'all' | Reference[];
};

/**
 * What a schema cannot say of a rule: throws Problem `end_before_start`, `scope_required` or `scope_conflict`
 * (`pricing.md` §4), returns the rule otherwise.
 */
export function checkRule<Reference extends string>(draft: BillingRuleDraft<Reference>): CheckedRule<Reference> {
  const { startDate, endDate, customers } = draft;
  if (endDate !== undefined && endDate < startDate) throw new Problem('end_before_start', { startDate, endDate });
  if (customers === 'all') return { ...draft, customers };
  if (customers.length === 0) throw new Problem('scope_required', {});
  const named = customers.filter((reference): reference is Exclude<typeof reference, 'all'> => reference !== 'all');
  if (named.length !== customers.length) throw new Problem('scope_conflict', {});
  return { ...draft, customers: named };
}
