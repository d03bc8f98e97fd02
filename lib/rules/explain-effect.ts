import type { RowRule, RuleOf } from '../domain/billing-rule.ts';
import { decimalString, type ExactDecimal } from '../domain/exact-decimal.ts';
import type { DeliveredRow } from './delivered-row.ts';
import { termOf } from './term.ts';

/** What a rule was given of a row: BilledCost as the stage or rule before left it, and what was delivered beside it. */
interface Given {
  readonly before: ExactDecimal;
  readonly row: DeliveredRow;
  /** The factor of the rule's term, written out. */
  readonly factor: string;
}

/** How each type comes to a row's BilledCost, in numbers. */
const EFFECTS: { readonly [Type in RowRule['type']]: (rule: RuleOf<Type>, given: Given) => string } = {
  adjust_to_list: (_, { row, factor }) => `ListCost ${shown(row.ListCost)} × ${factor}`,
  rerate: ({ base }, { before, row, factor }) =>
    base === 'list_cost'
      ? `${shown(before)} + ListCost ${shown(row.ListCost)} × ${factor}`
      : `${shown(before)} × ${factor}`,
  operating_margin: (_, { before, factor }) => `${shown(before)} × ${factor}`,
  back_out: ({ mode }) => (mode === 'remove' ? 'the row is left out' : 'all costs are 0'),
  adjustment: (_, { before, factor }) => `${shown(before)} × ${factor}`,
  fixed_rate: ({ rate, pricingUnit }, { row }) => `${rate} × ${shown(row.PricingQuantity)} ${pricingUnit}`,
  tiered_rate: ({ pricingUnit, aggregate }, { row }) =>
    `${shown(row.PricingQuantity)} ${pricingUnit} at the tiers that ${aggregate === 'customer' ? 'the customer’s' : 'the sub account’s'} rows before it have left`,
};

/** What a rule made of a row's BilledCost, in numbers: `80 × 0.9`. */
export function explainEffect<Type extends RowRule['type']>(
  rule: Extract<RowRule, { type: Type }>,
  { before, row }: Pick<Given, 'before' | 'row'>,
): string {
  const type: Type = rule.type;
  return EFFECTS[type](rule, { before, row, factor: decimalString(termOf(rule).factor) });
}

function shown(amount: ExactDecimal | null): string {
  return amount === null ? 'missing' : decimalString(amount);
}
