import type { BillingPeriod } from '../domain/billing-period.ts';
import { boundsOf } from '../domain/billing-period.ts';
import type { BillingRule, RowRule, RuleOf } from '../domain/billing-rule.ts';
import type { CustomerTenant } from '../domain/customer-tenant.ts';
import { dayAfter } from '../domain/day.ts';
import { decimalString, ExactDecimal } from '../domain/exact-decimal.ts';
import type { StoredRule } from '../domain/stored-rule.ts';
import { addedRowId } from './added-row-id.ts';
import { amountsOf } from './amounts.ts';
import { reaches } from './applies-to.ts';
import type { DeliveredRow } from './delivered-row.ts';
import type { PercentageBase, PercentageRule } from './percentage-bases.ts';
import { percentageOf } from './percentage-of.ts';

/** A rule that adds rows; the others change them. */
export type AddingRule = Exclude<BillingRule, RowRule>;

/** A rule that adds an amount of its own. */
export type FlatRule = RuleOf<'charge'> | RuleOf<'credit'>;

/** A row that a rule adds to a customer's ledger, all four costs being `amount` (`pricing.md` §5 b, c). */
export interface AddedRow {
  readonly rowId: string;
  readonly customer: CustomerTenant;
  readonly stored: StoredRule & { readonly rule: AddingRule };
  readonly currency: string;
  readonly amount: string;
  readonly ChargeCategory: 'Adjustment' | 'Credit';
  readonly ChargeFrequency: 'One-Time' | 'Recurring';
  /** Half-open, `yyyy-mm-ddThh:mm:ss.sssZ`. */
  readonly ChargePeriodStart: string;
  readonly ChargePeriodEnd: string;
  readonly ServiceName: string;
  readonly Tags: Readonly<Record<string, string>>;
}

/** The enabled charges and credits, in the partner's order. */
export function flatRulesInOrder(rules: readonly StoredRule[]): readonly (StoredRule & { readonly rule: FlatRule })[] {
  return enabledInOrder(rules).flatMap((stored) =>
    stored.rule.type === 'charge' || stored.rule.type === 'credit' ? [{ ...stored, rule: stored.rule }] : [],
  );
}

/** The enabled percentages of the whole, in the partner's order. */
export function percentageRulesInOrder(rules: readonly StoredRule[]): readonly PercentageRule[] {
  return enabledInOrder(rules).flatMap((stored) =>
    stored.rule.type === 'percentage_charge' ? [{ ...stored, rule: stored.rule }] : [],
  );
}

function enabledInOrder(rules: readonly StoredRule[]): readonly StoredRule[] {
  return rules.filter(({ rule }) => rule.enabled).sort((one, other) => one.order - other.order);
}

/** The rows that a charge or credit adds in a period: one per customer in scope, rows of its own or none. */
export function flatRows(
  stored: StoredRule & { readonly rule: FlatRule },
  { period, customers, currency }: { period: BillingPeriod; customers: readonly CustomerTenant[]; currency: string },
): readonly AddedRow[] {
  const { rule } = stored;
  const when = whenOf(rule, period);
  if (when === undefined) return [];
  const { serviceName, category, subCategory, amount } = rule;
  const what = {
    ...when,
    ...(rule.type === 'credit'
      ? ({ amount: `-${amount}`, ChargeCategory: 'Credit' } as const)
      : ({ amount, ChargeCategory: 'Adjustment' } as const)),
    ServiceName: serviceName,
    Tags: { category, ...(subCategory === undefined ? {} : { subCategory }) },
  };
  return inScope(rule, customers).map((customer) => {
    const rowId = addedRowId([stored.id, customer.id, period, currency]);
    return { ...what, rowId, customer, stored, currency };
  });
}

/**
 * The rows that a percentage of the whole adds in a period: one per customer in scope and currency that it has rows in,
 * delivered or added. `bases` are sums over delivered rows; charges and credits among `flat` are counted here.
 */
export function percentageRows(
  stored: PercentageRule,
  {
    period,
    customers,
    bases,
    flat,
  }: {
    period: BillingPeriod;
    customers: readonly CustomerTenant[];
    bases: readonly PercentageBase[];
    flat: readonly AddedRow[];
  },
): readonly AddedRow[] {
  const { rule } = stored;
  const when = monthOf(rule, period);
  if (when === undefined) return [];
  return inScope(rule, customers).flatMap((customer) => {
    const ofCustomer = bases.filter(({ customerId }) => customerId === customer.id);
    const added = flat.filter((row) => row.customer.id === customer.id);
    const currencies = new Set([...ofCustomer, ...added].map(({ currency }) => currency));
    return [...currencies].sort().map((currency): AddedRow => {
      const delivered = ofCustomer
        .filter((base) => base.currency === currency)
        .map(({ sums }) => sums.get(stored.id) ?? '0');
      const taken = added.filter((row) => row.currency === currency && reaches(rule, asDelivered(row)));
      const sum = [...delivered, ...taken.map(({ amount }) => amount)].reduce(
        (total, amount) => total.plus(amount),
        new ExactDecimal(0),
      );
      return {
        ...when,
        rowId: addedRowId([stored.id, customer.id, period, currency]),
        customer,
        stored,
        currency,
        amount: decimalString(percentageOf(rule, sum)),
        ChargeCategory: rule.as === 'credit' ? 'Credit' : 'Adjustment',
        ServiceName: rule.name,
        Tags: { category: 'MSP Fee' },
      };
    });
  });
}

/** Whether a rule adds anything in a period at all. */
export function isDue(rule: AddingRule, period: BillingPeriod): boolean {
  return whenOf(rule, period) !== undefined;
}

function whenOf(rule: AddingRule, period: BillingPeriod) {
  const isMonthly = rule.type === 'percentage_charge' || rule.frequency === 'monthly';
  return isMonthly ? monthOf(rule, period) : startDayOf(rule, period);
}

function inScope({ customers: scope }: AddingRule, customers: readonly CustomerTenant[]): readonly CustomerTenant[] {
  return customers.filter(({ id }) => scope === 'all' || scope.includes(id));
}

/** What a filter reads of an added row. */
function asDelivered(row: AddedRow): DeliveredRow {
  const { ServiceName, ChargeCategory, ChargeFrequency, ChargePeriodStart, Tags, customer, stored } = row;
  return {
    ...amountsOf(() => null),
    PricingQuantity: null,
    CommitmentDiscountId: null,
    text: { ServiceName, ChargeCategory, ChargeFrequency, ChargeDescription: stored.rule.name },
    Tags,
    ChargePeriodStart,
    x_Owner: customer.id,
  };
}

/** The whole calendar month, where the rule's days touch it; the amount is not pro-rated. */
function monthOf({ startDate, endDate }: AddingRule, period: BillingPeriod) {
  const { start, end } = boundsOf(period);
  const isOver = (endDate ?? end) < start.slice(0, 10);
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
