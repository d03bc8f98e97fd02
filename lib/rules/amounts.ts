import type { FocusColumn } from '../focus/columns.ts';

/** Amounts of a row that a rule can change: the four costs and the two unit prices. */
export const AMOUNT_COLUMNS = [
  'BilledCost',
  'EffectiveCost',
  'ContractedCost',
  'ListCost',
  'ContractedUnitPrice',
  'ListUnitPrice',
] as const satisfies readonly FocusColumn[];

/** One of them. */
export type AmountColumn = (typeof AMOUNT_COLUMNS)[number];

/** One value per amount of a row: a decimal in memory, a fragment in SQL. */
export type Amounts<Value> = { readonly [Column in AmountColumn]: Value };

/** Builds the amounts column by column. */
export function amountsOf<Value>(amountAt: (column: AmountColumn) => Value): Amounts<Value> {
  return {
    BilledCost: amountAt('BilledCost'),
    EffectiveCost: amountAt('EffectiveCost'),
    ContractedCost: amountAt('ContractedCost'),
    ListCost: amountAt('ListCost'),
    ContractedUnitPrice: amountAt('ContractedUnitPrice'),
    ListUnitPrice: amountAt('ListUnitPrice'),
  };
}
