import type { BillingPeriod } from '../../domain/billing-period.ts';
import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { COST_COLUMNS, type CostColumn } from '../../focus/columns.ts';
import type { AdditionRow, FourCosts } from './addition-row.ts';

/** Rows of one origin, and what they come to. */
interface Figures {
  readonly rows: number;
  readonly delta: FourCosts;
}

/** The additions of one period and currency: an entry of the split command's `additions` (`split-command.md`). */
export interface AdditionsSummary {
  readonly period: BillingPeriod;
  readonly currency: string;
  readonly customers: readonly (FourCosts & {
    readonly name: string;
    readonly rows: number;
    readonly rules: readonly (Figures & { readonly name: string })[];
    /** The closed months that are corrected; not there where none is. */
    readonly corrections?: readonly (Figures & { readonly period: BillingPeriod })[];
  })[];
}

/**
 * The figures of a period's additions by currency: customers in the order given, rules in theirs and corrected months in
 * time's, and only those that have rows.
 */
export function summariseAdditions(
  rows: readonly AdditionRow[],
  { period, customerIds }: { period: BillingPeriod; customerIds: readonly string[] },
): readonly AdditionsSummary[] {
  const place = new Map(customerIds.map((id, at) => [id, at]));
  const placeOf = (row: AdditionRow) => place.get(row.customer.id) ?? customerIds.length;
  const inOrder = [...rows].sort((one, other) => placeOf(one) - placeOf(other));
  const byCurrency = Map.groupBy(inOrder, (row) => row.currency);
  return [...byCurrency.keys()].sort().map((currency) => ({
    period,
    currency,
    customers: [...Map.groupBy(byCurrency.get(currency) ?? [], (row) => row.customer.id).values()].map(ofCustomer),
  }));
}

function ofCustomer(rows: readonly AdditionRow[]): AdditionsSummary['customers'][number] {
  const byRule = Map.groupBy(rows, ({ origin }) => (origin.kind === 'rule' ? origin.id : undefined));
  const corrected = Map.groupBy(rows, ({ origin }) => (origin.kind === 'correction' ? origin.period : undefined));
  const rules = [...byRule].flatMap(([id, of]) => (id === undefined ? [] : [{ name: ruleName(of), ...figures(of) }]));
  const corrections = [...corrected].flatMap(([period, of]) =>
    period === undefined ? [] : [{ period, ...figures(of) }],
  );
  return {
    name: rows[0]?.customer.name ?? '',
    rows: rows.length,
    ...fourCosts(rows),
    rules,
    ...(corrections.length > 0 ? { corrections } : {}),
  };
}

function ruleName([row]: readonly AdditionRow[]): string {
  return row?.origin.kind === 'rule' ? row.origin.name : '';
}

function figures(rows: readonly AdditionRow[]): Figures {
  return { rows: rows.length, delta: fourCosts(rows) };
}

function fourCosts(rows: readonly AdditionRow[]): FourCosts {
  return Object.fromEntries(COST_COLUMNS.map((cost) => [cost, sumOf(rows, cost)])) as FourCosts;
}

/** The sum of one cost over rows, exactly. */
export function sumOf(rows: readonly AdditionRow[], cost: CostColumn): string {
  return decimalString(rows.reduce((total, { costs }) => total.plus(costs[cost]), new ExactDecimal(0)));
}
