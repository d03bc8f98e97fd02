import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { COST_COLUMNS, type CostColumn } from '../../focus/columns.ts';

/** The four costs as exact decimal strings. */
export type FourAmounts = { [Column in CostColumn]: string };

/** The four costs, each from its column. */
export function fourAmounts(of: (column: CostColumn) => string | ExactDecimal): FourAmounts {
  const [billed, effective, list, contracted] = COST_COLUMNS;
  const amount = (column: CostColumn) => decimalString(new ExactDecimal(of(column)));
  return {
    [billed]: amount(billed),
    [effective]: amount(effective),
    [list]: amount(list),
    [contracted]: amount(contracted),
  };
}

/** No money. */
export const NOTHING: FourAmounts = fourAmounts(() => '0');

/** Adds cost by cost. */
export function plus(one: FourAmounts, other: FourAmounts): FourAmounts {
  return fourAmounts((column) => new ExactDecimal(one[column]).plus(other[column]));
}

/** Subtracts cost by cost. */
export function minus(one: FourAmounts, other: FourAmounts): FourAmounts {
  return fourAmounts((column) => new ExactDecimal(one[column]).minus(other[column]));
}
