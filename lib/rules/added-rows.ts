import { createHash } from 'node:crypto';
import type { BillingPeriod } from '../domain/billing-period.ts';
import { boundsOf } from '../domain/billing-period.ts';
import type { BillingRule, RowRule, RuleOf } from '../domain/billing-rule.ts';
import type { CustomerTenant } from '../domain/customer-tenant.ts';
import { dayAfter } from '../domain/day.ts';
import type { StoredRule } from '../domain/stored-rule.ts';

/** A rule that adds rows; the others change them. */
export type AddingRule = Exclude<BillingRule, RowRule>;

/** A row that a rule adds to a customer's ledger, all four costs being `amount` (`pricing.md` §5 b). */
export interface AddedRow {
  readonly rowId: string;
  readonly customer: CustomerTenant;
  readonly stored: StoredRule & { readonly rule: AddingRule };
  readonly currency: string;
  readonly amount: string;
  readonly ChargeCategory: 'Adjustment';
  readonly ChargeFrequency: 'One-Time' | 'Recurring';
  /** Half-open, `yyyy-mm-ddThh:mm:ss.sssZ`. */
  readonly ChargePeriodStart: string;
  readonly ChargePeriodEnd: string;
}

/** What a rule adds in a period, the same to each customer in scope; undefined where it adds nothing then. */
type Addition = Pick<
  AddedRow,
  'amount' | 'ChargeCategory' | 'ChargeFrequency' | 'ChargePeriodStart' | 'ChargePeriodEnd'
>;

/** What each type adds. */
const ADDITIONS: {
  readonly [Type in AddingRule['type']]: (rule: RuleOf<Type>, period: BillingPeriod) => Addition | undefined;
} = {
  charge: (rule, period) => {
    const when = rule.frequency === 'monthly' ? monthOf(rule, period) : startDayOf(rule, period);
    return when && { amount: rule.amount, ChargeCategory: 'Adjustment', ...when };
  },
};

/** The enabled rules that add rows, in the partner's order. */
export function addingRulesInOrder(rules: readonly StoredRule[]): readonly AddedRow['stored'][] {
  return rules
    .flatMap((stored) => (stored.rule.enabled && isAddingRule(stored.rule) ? [{ ...stored, rule: stored.rule }] : []))
    .sort((one, other) => one.order - other.order);
}

/** The rows that one rule adds in a period: one per customer in scope, rows of its own or none. */
export function addedRows(
  stored: AddedRow['stored'],
  { period, customers, currency }: { period: BillingPeriod; customers: readonly CustomerTenant[]; currency: string },
): readonly AddedRow[] {
  const { rule } = stored;
  const addition = additionOf(rule, period);
  if (addition === undefined) return [];
  const inScope = customers.filter(({ id }) => rule.customers === 'all' || rule.customers.includes(id));
  return inScope.map((customer) => {
    const rowId = rowIdOf([stored.id, customer.id, period, currency]);
    return { ...addition, rowId, customer, stored, currency };
  });
}

/** Whether a rule adds anything in a period at all. */
export function isDue(rule: AddingRule, period: BillingPeriod): boolean {
  return additionOf(rule, period) !== undefined;
}

function additionOf<Type extends AddingRule['type']>(
  rule: Extract<AddingRule, { type: Type }>,
  period: BillingPeriod,
): Addition | undefined {
  const type: Type = rule.type;
  return ADDITIONS[type](rule, period);
}

/** The whole calendar month, where the rule's days touch it; the amount is not pro-rated. */
function monthOf({ startDate, endDate }: AddingRule, period: BillingPeriod) {
  const { start, end } = boundsOf(period);
  const isOver = endDate !== undefined && `${endDate}T23:59:59.999Z` < start;
  if (isOver || `${startDate}T00:00:00.000Z` >= end) return undefined;
  return { ChargeFrequency: 'Recurring', ChargePeriodStart: start, ChargePeriodEnd: end } as const;
}

function startDayOf({ startDate }: AddingRule, period: BillingPeriod) {
  if (!startDate.startsWith(`${period}-`)) return undefined;
  return {
    ChargeFrequency: 'One-Time',
    ChargePeriodStart: `${startDate}T00:00:00.000Z`,
    ChargePeriodEnd: `${dayAfter(startDate)}T00:00:00.000Z`,
  } as const;
}

/** Unique within the published additions, and the same again for the same charge. */
function rowIdOf(parts: readonly string[]): string {
  return `${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}-1`;
}

function isAddingRule(rule: BillingRule): rule is AddingRule {
  return Object.hasOwn(ADDITIONS, rule.type);
}
