import { identifiers } from '../sql/identifiers.ts';
import type { AmountColumn } from './amounts.ts';
import { DELIVERED_COLUMNS } from './delivered-columns.ts';

/** What pricing adds to a delivered row. The delivered amounts stay under their own names beside the charged ones. */
export const PRICING_COLUMNS = [
  'x_ChargedBilledCost',
  'x_ChargedEffectiveCost',
  'x_ChargedContractedCost',
  'x_ChargedListCost',
  'x_ChargedContractedUnitPrice',
  'x_ChargedListUnitPrice',
  /** The order of the rule that was applied; null where none was. */
  'x_RuleNumber',
  /** The row left the customer ledger. */
  'x_Removed',
  /** The price charged is the standard one: PricingCategory `Standard`, no commitment columns. */
  'x_IsStandardPrice',
  /** Null, or why the rule that was applied could not compute. */
  'x_WarningCode',
] as const;

/** The relation `priced`: columns of `delivered`, then those of pricing. */
export const PRICED_COLUMNS = [...DELIVERED_COLUMNS, ...PRICING_COLUMNS] as const;

/** Writes a column of `priced`. */
export const pricedColumn = identifiers(PRICED_COLUMNS);

/** The column of a charged amount, DECIMAL(38,18). */
export function chargedColumn(amount: AmountColumn) {
  return pricedColumn(`x_Charged${amount}`);
}
