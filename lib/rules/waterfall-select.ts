import { COST_COLUMNS } from '../focus/columns.ts';
import { WATERFALL_COLUMNS } from '../focus/result-columns.ts';
import { caseWhen } from '../sql/case-when.ts';
import { CHARGED_MONEY, decimalLiteral } from '../sql/decimal-literal.ts';
import { identifiers } from '../sql/identifiers.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { widened } from './formulas.ts';
import { type PassedOver, passedOver } from './passed-over.ts';
import {
  chargedColumn,
  pricedColumn as column,
  numberColumn,
  originalColumn,
  pricedColumns,
} from './priced-columns.ts';
import { type Pricing, partsOf, partTable } from './priced-select.ts';
import { STEPS_AT_ONCE, type Step, type Steps, stepsOf } from './steps.ts';
import type { StoredRowRule } from './stored-row-rule.ts';

/** Columns of the waterfall by name, in the order of its files. */
type WaterfallColumn = keyof typeof WATERFALL_COLUMNS;
const NAMES = Object.keys(WATERFALL_COLUMNS) as WaterfallColumn[];
const waterfallColumn = identifiers(NAMES);

/**
 * The SELECTs of the waterfall over `priced`, to be read one after the other: a row per applied rule with its exact
 * deltas (also where it could not compute: deltas 0), a row for what a commitment policy changed, and a row per rule that
 * was passed over. Only the first where `priced` has no parts; each of the others is about one part's rules.
 */
export function waterfallSelects(pricing: Pricing, { count, runId }: { count: number; runId: string }): readonly Sql[] {
  return partsOf(count).map((first, part) => {
    const steps = stepsOf(pricing.rules, {
      source: part === 0 ? sql`priced` : sql`longer`,
      counted: count > STEPS_AT_ONCE ? partTable(0) : sql`priced`,
      first,
      count: Math.min(STEPS_AT_ONCE, count - first),
      form: pricing,
    });
    const relations = [
      rulesRelation(pricing.rules),
      purchases(),
      ...(part === 0 ? [] : [longerRows(pricing, { first, part })]),
      steps.relations,
    ];
    const rows = [appliedRows(steps, runId, pricing.rules), ...(part === 0 ? besideRules(pricing, runId) : [])];
    return sql`WITH
${join(relations, ',\n')}
${join(rows, '\nUNION ALL\n')}`;
  });
}

/** What a customer pays a commitment for, by its id. */
function purchases(): Sql {
  return sql`purchases AS (SELECT DISTINCT ${column('x_Owner')} AS x_PurchaseOwner, ${column('CommitmentDiscountId')} AS x_PurchaseId FROM priced
  WHERE ${column('ChargeCategory')} = 'Purchase' AND ${column('CommitmentDiscountId')} IS NOT NULL
    AND NOT ${column('x_Removed')} AND ${chargedColumn('BilledCost')} <> 0)`;
}

/** The rows of `priced` that have more rules, as the part before left them, with the rule that set the price in the end. */
function longerRows(pricing: Pricing, { first, part }: { first: number; part: number }): Sql {
  const columns = pricedColumns(pricing).map((name) =>
    name === 'x_PriceSetBy' ? sql`x_SetBy AS ${column(name)}` : column(name),
  );
  return sql`longer AS (SELECT ${columns} FROM ${partTable(part - 1)}
  JOIN (SELECT ${column('x_RowId')} AS x_LongerRow, ${column('x_PriceSetBy')} AS x_SetBy FROM priced) AS ended ON x_LongerRow = ${column('x_RowId')}
  WHERE cardinality(${numberColumn('x_RuleNumbers')}) > ${first})`;
}

/** Rows about what is no applied rule. */
function besideRules(pricing: Pricing, runId: string): readonly Sql[] {
  const passed = passedOver(pricing);
  return [
    ...(passed === undefined ? [] : [passedRows(passed, runId)]),
    ...(pricing.hasPolicies ? [settledRows(runId)] : []),
  ];
}

/** Version, name and type of every rule by number; number 0 is no rule's and gives the relation its types. */
function rulesRelation(rules: readonly StoredRowRule[]): Sql {
  const rows = rules.map(
    ({ order, id, version, rule }) => sql`(${order}, ${id}, ${version}, ${rule.name}, ${rule.type})`,
  );
  return sql`rules (x_Number, ${RULE_COLUMNS}) AS (VALUES
    ${join([sql`(0, '', 0, '', '')`, ...rows], ',\n    ')})`;
}

const RULE_COLUMNS: readonly Sql[] = [
  waterfallColumn('x_BillingRuleId'),
  waterfallColumn('x_BillingRuleVersion'),
  waterfallColumn('x_BillingRuleName'),
  waterfallColumn('x_BillingRuleType'),
];

/** One row per rule of a row; which step a row of the result is about is a number beside it. */
function appliedRows(steps: Steps, runId: string, rules: readonly StoredRowRule[]): Sql {
  const [only, ...others] = steps.each;
  const atPlace = (of: (step: Step) => Sql): Sql => {
    if (only === undefined) return sql`NULL`;
    if (others.length === 0) return of(only);
    const branches = steps.each.map((step, at) => ({ when: sql`x_Place = ${at + 1}`, value: of(step) }));
    return caseWhen(branches.slice(0, -1), branches.at(-1)?.value ?? of(only));
  };
  const toList = rules.filter(({ rule }) => rule.type === 'adjust_to_list').map(({ order }) => sql`${order}`);
  const isTwice =
    toList.length === 0
      ? sql`FALSE`
      : sql`x_PurchaseId IS NOT NULL AND x_Number = ${column('x_PriceSetBy')} AND x_Number IN (${toList})`;
  const places = steps.each.map((_, at) => sql`(${at + 1})`);
  const rows =
    others.length === 0 ? sql`${steps.last}` : sql`${steps.last} CROSS JOIN (VALUES ${places}) AS places (x_Place)`;
  const number = only === undefined ? sql`CAST(NULL AS INTEGER)` : atPlace(({ number: of }) => of);
  const zero = decimalLiteral('0', CHARGED_MONEY);
  return sql`SELECT ${columnsOf(runId, {
    x_Stage: 'rule',
    x_Applied: sql`TRUE`,
    x_WarningCode: sql`CASE WHEN ${isTwice} THEN 'commitment_charged_twice' WHEN ${only === undefined ? sql`FALSE` : atPlace(({ isListPriceMissing }) => isListPriceMissing)} THEN 'list_price_missing' END`,
    other: NO_TEXT,
    delta: (cost) => (only === undefined ? zero : atPlace(({ delta }) => delta(cost))),
  })}
FROM ${rows}
JOIN rules ON x_Number = ${number}
LEFT JOIN purchases ON ${column('CommitmentDiscountStatus')} = 'Used'
  AND x_PurchaseOwner = ${column('x_Owner')} AND x_PurchaseId = ${column('CommitmentDiscountId')}`;
}

function passedRows({ relation, warningCode }: PassedOver, runId: string): Sql {
  return sql`SELECT ${columnsOf(runId, {
    x_Stage: 'rule',
    x_Applied: sql`FALSE`,
    x_WarningCode: sql`${warningCode}`,
    other: sql`x_OtherId`,
    delta: () => decimalLiteral('0', CHARGED_MONEY),
  })}
FROM ${relation} JOIN rules ON x_WarnedNumber = x_Number
LEFT JOIN (SELECT x_Number AS x_OtherRule, ${waterfallColumn('x_BillingRuleId')} AS x_OtherId FROM rules) AS others ON x_OtherNumber = x_OtherRule`;
}

/** What a commitment policy made of a used row, or that it knew no price for it. */
function settledRows(runId: string): Sql {
  return sql`SELECT ${columnsOf(runId, {
    x_Stage: 'commitment',
    x_Applied: sql`${column('x_Settlement')} = 'repriced'`,
    x_WarningCode: sql`CASE WHEN ${column('x_Settlement')} <> 'repriced' THEN ${column('x_Settlement')} END`,
    other: NO_TEXT,
    delta: (cost) => difference(widened(originalColumn(cost, { hasPolicies: true })), widened(column(cost))),
  })}
FROM priced JOIN (SELECT ${RULE_COLUMNS.map((name, at) => (at === 1 ? sql`CAST(NULL AS INTEGER) AS ${name}` : sql`${NO_TEXT} AS ${name}`))}) AS no_rule ON ${column('x_Settlement')} IS NOT NULL`;
}

const NO_TEXT = sql`CAST(NULL AS VARCHAR)`;

interface RowKind {
  readonly x_Stage: 'rule' | 'commitment';
  readonly x_Applied: Sql;
  readonly x_WarningCode: Sql;
  /** The id of the rule that lost against this one. */
  readonly other: Sql;
  readonly delta: (cost: (typeof COST_COLUMNS)[number]) => Sql;
}

/** Every column of the waterfall in order, then the owner, which names the file a row goes to. */
function columnsOf(runId: string, { x_Stage, x_Applied, x_WarningCode, other, delta }: RowKind): readonly Sql[] {
  const [billed, effective, list, contracted] = COST_COLUMNS;
  const values: { readonly [Name in WaterfallColumn]: Sql } = {
    x_RowId: column('x_RowId'),
    x_IntegrationId: column('x_IntegrationId'),
    x_RunId: sql`${runId}`,
    BillingCurrency: column('BillingCurrency'),
    SubAccountId: column('SubAccountId'),
    ServiceName: column('ServiceName'),
    ChargeCategory: column('ChargeCategory'),
    ChargePeriodStart: column('ChargePeriodStart'),
    x_Stage: sql`${x_Stage}`,
    x_BillingRuleId: waterfallColumn('x_BillingRuleId'),
    x_BillingRuleVersion: waterfallColumn('x_BillingRuleVersion'),
    x_BillingRuleName: waterfallColumn('x_BillingRuleName'),
    x_BillingRuleType: waterfallColumn('x_BillingRuleType'),
    x_OtherBillingRuleId: other,
    x_Applied,
    x_WarningCode,
    x_BilledCostDelta: delta(billed),
    x_EffectiveCostDelta: delta(effective),
    x_ListCostDelta: delta(list),
    x_ContractedCostDelta: delta(contracted),
  };
  return [...NAMES.map((name) => sql`${values[name]} AS ${waterfallColumn(name)}`), column('x_Owner')];
}

/** One amount less another, a null counting as 0; both DECIMAL(38,18) by product, never by cast. */
function difference(one: Sql, other: Sql): Sql {
  const zero = decimalLiteral('0', CHARGED_MONEY);
  return sql`COALESCE(${one}, ${zero}) - COALESCE(${other}, ${zero})`;
}
