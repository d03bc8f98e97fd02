import { BillingRule } from '../../../lib/domain/billing-rule.ts';
import { RuleId } from '../../../lib/domain/ids.ts';
import type { StoredRule } from '../../../lib/domain/stored-rule.ts';

/** Rules as stored, in the order given; each starts in 2025 for all customers unless it says otherwise. */
export function stored(...rules: readonly Readonly<Record<string, unknown>>[]): readonly StoredRule[] {
  return rules.map((rule, at) => ({
    id: RuleId.parse(`rul_${String(at + 1).padStart(12, '0')}`),
    version: at + 1,
    order: at + 1,
    createdAt: '2025-01-01T00:00:00.000Z',
    createdBy: 'partner',
    rule: BillingRule.parse({ name: `Rule ${at + 1}`, startDate: '2025-01-01', customers: 'all', ...rule }),
  }));
}
