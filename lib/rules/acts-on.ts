import type { RowRule, RuleOf } from '../domain/billing-rule.ts';
import type { Condition } from '../domain/condition.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { leavesOf } from './conditions/leaves.ts';
import { deliveredColumn as column } from './delivered-columns.ts';
import type { DeliveredRow } from './delivered-row.ts';

/** Rows that a kind of rule acts on, as delivered, whatever its filter says (`pricing.md` §5). */
type Group = 'cost' | 'list' | 'removal';

/** The group of each rule type (of each base, where a type has several). */
const GROUP_OF: { readonly [Type in RowRule['type']]: (rule: RuleOf<Type>) => Group } = {
  adjust_to_list: () => 'list',
  rerate: ({ base }) => ({ billed_cost: 'cost' as const })[base],
  back_out: () => 'removal',
};

/** Both readings of each group; `withTax` where the filter opts Tax rows in. */
const GROUPS: {
  readonly [Name in Group]: { compile(withTax: boolean): Sql; holds(row: DeliveredRow, withTax: boolean): boolean };
} = {
  cost: {
    compile: (withTax) =>
      sql`(${column('ChargeCategory')} IS NULL OR ${column('ChargeCategory')} NOT IN (${leftOut(withTax)}))`,
    holds: ({ text }, withTax) => text.ChargeCategory !== 'Credit' && (withTax || text.ChargeCategory !== 'Tax'),
  },
  list: {
    compile: (withTax) => sql`(${GROUPS.cost.compile(withTax)} AND ${IS_SOMETHING_USED})`,
    holds: (row, withTax) =>
      GROUPS.cost.holds(row, withTax) &&
      !(row.text.ChargeCategory === 'Purchase' && row.CommitmentDiscountId !== null) &&
      row.text.CommitmentDiscountStatus !== 'Unused',
  },
  removal: { compile: () => sql`TRUE`, holds: () => true },
};

/** Neither the purchase of a commitment nor its unused part: nothing was used there, so there is no list price of it. */
const IS_SOMETHING_USED = sql`(${column('ChargeCategory')} IS NULL OR ${column('ChargeCategory')} <> 'Purchase' OR ${column('CommitmentDiscountId')} IS NULL) AND (${column('CommitmentDiscountStatus')} IS NULL OR ${column('CommitmentDiscountStatus')} <> 'Unused')`;

/** Whether a rule acts on a row, as SQL. */
export function compileActsOn(rule: RowRule): Sql {
  return GROUPS[groupOf(rule)].compile(optsTaxIn(rule.filter));
}

/** Whether a rule acts on a row in memory. */
export function actsOn(rule: RowRule, row: DeliveredRow): boolean {
  return GROUPS[groupOf(rule)].holds(row, optsTaxIn(rule.filter));
}

function groupOf<Type extends RowRule['type']>(rule: Extract<RowRule, { type: Type }>): Group {
  const type: Type = rule.type;
  return GROUP_OF[type](rule);
}

/** Tax is opted in by naming it: a leaf ChargeCategory `in` […Tax…] that is not below a `not`. */
function optsTaxIn(filter: Condition | undefined): boolean {
  if (filter === undefined) return false;
  return leavesOf(filter).some(
    ({ leaf, isNegated }) =>
      !isNegated && leaf.field === 'ChargeCategory' && leaf.op === 'in' && leaf.values.includes('Tax'),
  );
}

function leftOut(withTax: boolean): Sql {
  return withTax ? sql`'Credit'` : sql`'Credit', 'Tax'`;
}
