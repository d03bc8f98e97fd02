import type { RowRule, RuleOf } from '../domain/billing-rule.ts';
import type { Condition } from '../domain/condition.ts';
import { identifiers } from '../sql/identifiers.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { leavesOf } from './conditions/leaves.ts';
import { deliveredColumn as column } from './delivered-columns.ts';
import type { DeliveredRow } from './delivered-row.ts';

/** Rows that a kind of rule acts on, as delivered, whatever its filter says (`pricing.md` §5). */
type Group = 'cost' | 'list' | 'rate' | 'credit' | 'removal';

/** The group of each rule type (of each base, where a type has several). */
const GROUP_OF: { readonly [Type in RowRule['type']]: (rule: RuleOf<Type>) => Group } = {
  adjust_to_list: () => 'list',
  rerate: ({ base }) => (({ billed_cost: 'cost', list_cost: 'list', absolute_credits: 'credit' }) as const)[base],
  operating_margin: ({ base }) => (({ billed_cost: 'cost', absolute_credits: 'credit' }) as const)[base],
  back_out: () => 'removal',
  adjustment: () => 'cost',
  fixed_rate: () => 'rate',
  tiered_rate: () => 'rate',
};

/** What a group asks of the rule itself: whether its filter opts Tax in, and the unit it has a price for. */
interface Asked {
  readonly withTax: boolean;
  readonly pricingUnit: string;
}

const computed = identifiers(['x_IsCost', 'x_IsCostOrTax', 'x_IsUsed']);
const IS_COST = computed('x_IsCost');
const IS_COST_OR_TAX = computed('x_IsCostOrTax');
/** Neither the purchase of a commitment nor its unused part: nothing was used there, so there is no list price of it. */
const IS_USED = computed('x_IsUsed');

/** What groups ask of a row, to be computed once per row beside its own columns. */
export const ACTS_ON_COLUMNS: readonly Sql[] = [
  sql`(${column('ChargeCategory')} IS NULL OR ${column('ChargeCategory')} NOT IN ('Credit', 'Tax')) AS ${IS_COST}`,
  sql`(${column('ChargeCategory')} IS NULL OR ${column('ChargeCategory')} <> 'Credit') AS ${IS_COST_OR_TAX}`,
  sql`((${column('ChargeCategory')} IS NULL OR ${column('ChargeCategory')} <> 'Purchase' OR ${column('CommitmentDiscountId')} IS NULL)
    AND (${column('CommitmentDiscountStatus')} IS NULL OR ${column('CommitmentDiscountStatus')} <> 'Unused')) AS ${IS_USED}`,
];

/** Both readings of each group. */
const GROUPS: {
  readonly [Name in Group]: { compile(asked: Asked): Sql; holds(row: DeliveredRow, asked: Asked): boolean };
} = {
  cost: {
    compile: ({ withTax }) => (withTax ? IS_COST_OR_TAX : IS_COST),
    holds: ({ text }, { withTax }) => text.ChargeCategory !== 'Credit' && (withTax || text.ChargeCategory !== 'Tax'),
  },
  list: {
    compile: (asked) => sql`(${GROUPS.cost.compile(asked)} AND ${IS_USED})`,
    holds: (row, asked) =>
      GROUPS.cost.holds(row, asked) &&
      !(row.text.ChargeCategory === 'Purchase' && row.CommitmentDiscountId !== null) &&
      row.text.CommitmentDiscountStatus !== 'Unused',
  },
  rate: {
    compile: (asked) =>
      sql`(${GROUPS.list.compile(asked)} AND COALESCE(${column('PricingUnit')} = ${asked.pricingUnit}, FALSE) AND ${column('PricingQuantity')} IS NOT NULL)`,
    holds: (row, asked) =>
      GROUPS.list.holds(row, asked) && row.text.PricingUnit === asked.pricingUnit && row.PricingQuantity !== null,
  },
  credit: {
    compile: () => sql`COALESCE(${column('ChargeCategory')} = 'Credit', FALSE)`,
    holds: ({ text }) => text.ChargeCategory === 'Credit',
  },
  removal: { compile: () => sql`TRUE`, holds: () => true },
};

/** Whether a rule acts on a row that carries `ACTS_ON_COLUMNS`, as SQL. */
export function compileActsOn(rule: RowRule): Sql {
  return GROUPS[groupOf(rule)].compile(askedBy(rule));
}

/** Whether a rule acts on a row in memory. */
export function actsOn(rule: RowRule, row: DeliveredRow): boolean {
  return GROUPS[groupOf(rule)].holds(row, askedBy(rule));
}

function askedBy(rule: RowRule): Asked {
  return { withTax: optsTaxIn(rule.filter), pricingUnit: 'pricingUnit' in rule ? rule.pricingUnit : '' };
}

function groupOf<Type extends RowRule['type']>(rule: Extract<RowRule, { type: Type }>): Group {
  const type: Type = rule.type;
  return GROUP_OF[type](rule);
}

/** Which rows a percentage of the whole leaves out, as SQL that holds of all others (`pricing.md` §5 c). */
export function isTaxLeftOut(filter: Condition | undefined): Sql {
  return optsTaxIn(filter) ? sql`TRUE` : sql`COALESCE(${column('ChargeCategory')} <> 'Tax', TRUE)`;
}

/** Tax is opted in by naming it: a leaf ChargeCategory `in` […Tax…] that is not below a `not`. */
function optsTaxIn(filter: Condition | undefined): boolean {
  if (filter === undefined) return false;
  return leavesOf(filter).some(
    ({ leaf, isNegated }) =>
      !isNegated && leaf.field === 'ChargeCategory' && leaf.op === 'in' && leaf.values.includes('Tax'),
  );
}
