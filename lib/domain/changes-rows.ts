import type { BillingRule, RowRule, RuleType } from './billing-rule.ts';

/** Whether rules of a type change rows; the others add some. */
const CHANGES_ROWS: { readonly [Type in RuleType]: Type extends RowRule['type'] ? true : false } = {
  adjust_to_list: true,
  rerate: true,
  operating_margin: true,
  back_out: true,
  adjustment: true,
  fixed_rate: true,
  tiered_rate: true,
  charge: false,
  credit: false,
  percentage_charge: false,
};

/** Whether a rule changes rows. */
export function changesRows(rule: BillingRule): rule is RowRule {
  return CHANGES_ROWS[rule.type];
}
