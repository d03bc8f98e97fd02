import type { BillingPeriod } from '../../domain/billing-period.ts';
import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { COST_COLUMNS, type CostColumn } from '../../focus/columns.ts';
import type { AddedRow } from '../../rules/added-rows.ts';

type FourCosts = Readonly<Record<CostColumn, string>>;

/** The additions of one period and currency: an entry of the split command's `additions` (`split-command.md`). */
export interface AdditionsSummary {
  readonly period: BillingPeriod;
  readonly currency: string;
  readonly customers: readonly (FourCosts & {
    readonly name: string;
    readonly rows: number;
    readonly rules: readonly { readonly name: string; readonly rows: number; readonly delta: FourCosts }[];
  })[];
}

/**
 * The figures of a period's additions by currency: customers in the order given, rules in theirs, and only those that
 * have rows.
 */
export function summariseAdditions(
  rows: readonly AddedRow[],
  { period, customerIds }: { period: BillingPeriod; customerIds: readonly string[] },
): readonly AdditionsSummary[] {
  const place = new Map(customerIds.map((id, at) => [id, at]));
  const inOrder = [...rows].sort(
    (one, other) => (place.get(one.customer.id) ?? 0) - (place.get(other.customer.id) ?? 0),
  );
  const byCurrency = Map.groupBy(inOrder, (row) => row.currency);
  return [...byCurrency.keys()].sort().map((currency) => ({
    period,
    currency,
    customers: [...Map.groupBy(byCurrency.get(currency) ?? [], (row) => row.customer.id).values()].map((of) => ({
      name: of[0]?.customer.name ?? '',
      rows: of.length,
      ...fourCosts(of),
      rules: [...Map.groupBy(of, (row) => row.stored.id).values()].map((by) => ({
        name: by[0]?.stored.rule.name ?? '',
        rows: by.length,
        delta: fourCosts(by),
      })),
    })),
  }));
}

/** All four costs of an added row are its amount. */
function fourCosts(rows: readonly AddedRow[]): FourCosts {
  const sum = decimalString(rows.reduce((total, { amount }) => total.plus(amount), new ExactDecimal(0)));
  const [billed, effective, list, contracted] = COST_COLUMNS;
  return { [billed]: sum, [effective]: sum, [list]: sum, [contracted]: sum };
}
