import { COST_COLUMNS } from '../focus/columns.ts';
import { WATERFALL_COLUMNS } from '../focus/result-columns.ts';
import { CHARGED_MONEY, decimalLiteral, FACTOR } from '../sql/decimal-literal.ts';
import { identifiers } from '../sql/identifiers.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import type { AmountColumn } from './amounts.ts';
import { chargedColumn, pricedColumn as column } from './priced-columns.ts';
import { shadowedBackOuts } from './shadowed-back-outs.ts';
import type { StoredRowRule } from './terms.ts';

/** Columns of the waterfall by name, in the order of its files. */
type WaterfallColumn = keyof typeof WATERFALL_COLUMNS;
const NAMES = Object.keys(WATERFALL_COLUMNS) as WaterfallColumn[];
const waterfallColumn = identifiers(NAMES);

/**
 * The SELECT of the waterfall over `priced`: a row per applied rule with its exact deltas (also where it could not
 * compute: deltas 0), and a row per back-out that an earlier rule of another type kept from acting.
 */
export function waterfallSelect(rules: readonly StoredRowRule[], runId: string): Sql {
  const shadowed = shadowedBackOuts(rules);
  return sql`WITH
${rulesRelation(rules)},
purchases AS (SELECT DISTINCT ${column('x_Owner')} AS x_PurchaseOwner, ${column('CommitmentDiscountId')} AS x_PurchaseId FROM priced
  WHERE ${column('ChargeCategory')} = 'Purchase' AND ${column('CommitmentDiscountId')} IS NOT NULL
    AND NOT ${column('x_Removed')} AND ${chargedColumn('BilledCost')} <> 0)
${join([appliedRows(runId), ...(shadowed === undefined ? [] : [shadowedRows(shadowed, runId)])], '\nUNION ALL\n')}`;
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

function appliedRows(runId: string): Sql {
  return sql`SELECT ${columnsOf(runId, {
    x_Applied: sql`TRUE`,
    x_WarningCode: sql`CASE WHEN x_PurchaseId IS NOT NULL THEN 'commitment_charged_twice' ELSE ${column('x_WarningCode')} END`,
    delta,
  })}
FROM priced JOIN rules ON ${column('x_RuleNumber')} = x_Number
LEFT JOIN purchases ON ${column('x_IsStandardPrice')} AND ${column('CommitmentDiscountStatus')} = 'Used'
  AND x_PurchaseOwner = ${column('x_Owner')} AND x_PurchaseId = ${column('CommitmentDiscountId')}`;
}

function shadowedRows(shadowed: Sql, runId: string): Sql {
  return sql`SELECT ${columnsOf(runId, {
    x_Applied: sql`FALSE`,
    x_WarningCode: sql`'back_out_shadowed'`,
    delta: () => decimalLiteral('0', CHARGED_MONEY),
  })}
FROM ${shadowed} JOIN rules ON x_ShadowedNumber = x_Number`;
}

interface RowKind {
  readonly x_Applied: Sql;
  readonly x_WarningCode: Sql;
  readonly delta: (cost: (typeof COST_COLUMNS)[number]) => Sql;
}

/** Every column of the waterfall in order, then the owner, which names the file a row goes to. */
function columnsOf(runId: string, { x_Applied, x_WarningCode, delta }: RowKind): readonly Sql[] {
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
    x_Stage: sql`'rule'`,
    x_BillingRuleId: waterfallColumn('x_BillingRuleId'),
    x_BillingRuleVersion: waterfallColumn('x_BillingRuleVersion'),
    x_BillingRuleName: waterfallColumn('x_BillingRuleName'),
    x_BillingRuleType: waterfallColumn('x_BillingRuleType'),
    x_Applied,
    x_WarningCode,
    x_BilledCostDelta: delta(billed),
    x_EffectiveCostDelta: delta(effective),
    x_ListCostDelta: delta(list),
    x_ContractedCostDelta: delta(contracted),
  };
  return [...NAMES.map((name) => sql`${values[name]} AS ${waterfallColumn(name)}`), column('x_Owner')];
}

/** Charged less delivered, a null counting as 0; both DECIMAL(38,18) by product, never by cast. */
function delta(cost: AmountColumn): Sql {
  const zero = decimalLiteral('0', CHARGED_MONEY);
  return sql`COALESCE(${chargedColumn(cost)}, ${zero}) - COALESCE(${column(cost)} * ${decimalLiteral('1', FACTOR)}, ${zero})`;
}
