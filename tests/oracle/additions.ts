import { type DeliveredRow, textOf } from './bill.ts';
import { holds, namesTax } from './filter.ts';
import { type Fixed, fixed, rounded, sumOf, times, ZERO } from './fixed.ts';
import { type AddingRule, isInDate, isInScope, type PercentageCharge } from './rule.ts';

/** A row that a rule adds to a customer's ledger; all four costs are `amount` (`pricing.md` §5 b, c). */
export interface AddedRow {
  readonly rule: AddingRule;
  readonly customer: string;
  readonly currency: string;
  readonly ChargeCategory: 'Adjustment' | 'Credit';
  /** First day, and the day after the last. */
  readonly from: string;
  readonly to: string;
  readonly amount: Fixed;
}

/** A customer's row of the period as it is charged, as a percentage reads it: filters see it as delivered. */
export interface ChargedRow {
  readonly customer: string;
  readonly row: DeliveredRow;
  readonly BilledCost: Fixed | null;
}

/** What a period's additions are made for. */
export interface AdditionScene {
  /** `yyyy-mm`. */
  readonly period: string;
  readonly customers: readonly string[];
  /** The rows of all ledgers of the period that were not removed. */
  readonly charged: readonly ChargedRow[];
  /** The currency of a charge that names none. */
  readonly currency: string;
}

/** The additions of a period: flat charges and credits, then percentages of all that. */
export function additionsOf(rules: readonly AddingRule[], scene: AdditionScene): readonly AddedRow[] {
  const enabled = rules.filter((rule) => rule.enabled !== false);
  const flat = enabled.flatMap((rule) => (rule.type === 'percentage_charge' ? [] : flatRows(rule, scene)));
  const whole = { ...scene, charged: [...scene.charged, ...flat.map(asCharged)] };
  return [
    ...flat,
    ...enabled.flatMap((rule) => (rule.type === 'percentage_charge' ? percentageRows(rule, whole) : [])),
  ];
}

function flatRows(rule: Exclude<AddingRule, PercentageCharge>, scene: AdditionScene): readonly AddedRow[] {
  const { period, customers, currency } = scene;
  const when = rule.frequency === 'monthly' ? monthOf(rule, period) : startDayOf(rule, period);
  if (when === undefined) return [];
  const amount = rule.type === 'charge' ? fixed(rule.amount) : -fixed(rule.amount);
  return customers
    .filter((customer) => isInScope(rule, customer))
    .map((customer) => ({
      ...{ rule, customer, amount, ...when, currency: rule.currency ?? currency },
      ChargeCategory: rule.type === 'charge' ? 'Adjustment' : 'Credit',
    }));
}

/** The whole calendar month, where the rule's days touch it. */
function monthOf({ startDate, endDate }: AddingRule, period: string) {
  const overlaps = startDate.slice(0, 7) <= period && (endDate === undefined || endDate.slice(0, 7) >= period);
  return overlaps ? { from: `${period}-01`, to: dayAfter(`${period}-${lastDayOf(period)}`) } : undefined;
}

function startDayOf({ startDate }: AddingRule, period: string) {
  return startDate.startsWith(`${period}-`) ? { from: startDate, to: dayAfter(startDate) } : undefined;
}

function percentageRows(rule: PercentageCharge, { period, customers, charged }: AdditionScene): readonly AddedRow[] {
  const when = monthOf(rule, period);
  if (when === undefined) return [];
  const ofCurrency = (customer: string) =>
    Map.groupBy(
      charged.filter((one) => one.customer === customer),
      ({ row }) => textOf(row, 'BillingCurrency') ?? '',
    );
  return customers
    .filter((customer) => isInScope(rule, customer))
    .flatMap((customer) =>
      [...ofCurrency(customer)].map(([currency, rows]) => {
        const size = percentageOf(rule, baseOf(rule, rows));
        return {
          ...{ rule, customer, currency, amount: rule.as === 'credit' ? -size : size },
          ...when,
          ChargeCategory: rule.as === 'credit' ? ('Credit' as const) : ('Adjustment' as const),
        };
      }),
    );
}

/** What the percentage is taken of: never below 0, rounded to 12 decimals before the product. */
function baseOf(rule: PercentageCharge, rows: readonly ChargedRow[]): Fixed {
  const counted = rows.filter(
    ({ row }) =>
      isInDate(rule, row.ChargePeriodStart ?? '') &&
      (row.ChargeCategory !== 'Tax' || namesTax(rule.filter)) &&
      (rule.filter === undefined || holds(rule.filter, row)),
  );
  const sum = rounded(sumOf(counted.map(({ BilledCost }) => BilledCost)), 12);
  return sum > ZERO ? sum : ZERO;
}

/** Flat, or graduated over tiers; never below the minimum. */
export function percentageOf({ percent, tiers, minimum }: PercentageCharge, base: Fixed): Fixed {
  let from = ZERO;
  let amount = ZERO;
  for (const tier of tiers ?? [{ percent: percent ?? '0' }]) {
    const end = tier.upTo === undefined || base < fixed(tier.upTo) ? base : fixed(tier.upTo);
    if (end > from) amount += times(end - from, fixed(tier.percent) / 100n);
    from = end > from ? end : from;
  }
  const least = fixed(minimum ?? '0');
  return amount > least ? amount : least;
}

function asCharged({ rule, customer, currency, ChargeCategory, from, amount }: AddedRow): ChargedRow {
  const row: DeliveredRow = {
    x_RowId: '',
    BillingCurrency: currency,
    ChargeCategory,
    ChargePeriodStart: `${from}T00:00:00.000Z`,
    ChargeDescription: rule.name,
    ...(rule.type === 'percentage_charge'
      ? {}
      : { ServiceName: rule.serviceName, ChargeFrequency: rule.frequency === 'monthly' ? 'Recurring' : 'One-Time' }),
  };
  return { customer, row, BilledCost: amount };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function lastDayOf(period: string): string {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(8, 10);
}
