import { CHARGED_MONEY, DELIVERED_MONEY, decimalLiteral } from '../../sql/decimal-literal.ts';
import { identifiers } from '../../sql/identifiers.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import { chargedColumn, type PricedForm, pricedColumn, pricedColumns } from '../priced-columns.ts';
import { RATE, timesRate } from '../rate-parts.ts';
import type { StoredRowRule } from '../stored-row-rule.ts';
import { tieredRules, tierParts } from '../tiered-relations.ts';

const part = identifiers(['x_Parts', 'x_PartOrdinal', 'x_PartCost', 'x_CostTo', 'x_CostOfAll', 'x_QuantityTo']);

/**
 * The relations that make `split_rows` of `priced`: a row whose final price a tiered rate set, and that crosses a bound,
 * is one row per tier. The first keeps its id, the others have their place behind it; quantities and all amounts add up
 * to the row's own, to the last digit (`pricing.md` §5 a). Undefined where no rule counts.
 */
export function splitRows(rules: readonly StoredRowRule[], form: PricedForm): Sql | undefined {
  const tiered = tieredRules(rules);
  if (tiered.length === 0) return undefined;
  const order = sql`PARTITION BY x_PartRow, x_PartNumber ORDER BY CASE WHEN x_Counted < 0 THEN -x_PartPlace ELSE x_PartPlace END`;
  const running = (value: Sql) => sql`sum(${value}) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const columns = pricedColumns(form).map((name) => {
    const value = OF_PART[name];
    const own = sql`priced.${pricedColumn(name)}`;
    return value === undefined
      ? sql`${own} AS ${pricedColumn(name)}`
      : sql`CASE WHEN ${part('x_Parts')} IS NULL THEN ${own} ELSE (${value}) END AS ${pricedColumn(name)}`;
  });
  return sql`${tierParts(tiered, sql`priced`, form)},
costed AS (SELECT tier_parts.*, ${timesRate(sql`x_PartQuantity`)} AS ${part('x_PartCost')} FROM tier_parts),
parts AS (SELECT costed.*, count(*) OVER (PARTITION BY x_PartRow, x_PartNumber) AS ${part('x_Parts')},
    row_number() OVER (${order}) AS ${part('x_PartOrdinal')},
    ${running(part('x_PartCost'))} AS ${part('x_CostTo')},
    sum(${part('x_PartCost')}) OVER (PARTITION BY x_PartRow, x_PartNumber) AS ${part('x_CostOfAll')},
    ${running(sql`x_PartQuantity`)} AS ${part('x_QuantityTo')} FROM costed),
split_rows AS (SELECT ${join(columns, ',\n    ')}
  FROM priced LEFT JOIN parts ON x_PartRow = priced.${pricedColumn('x_RowId')} AND x_PartNumber = priced.${pricedColumn('x_PriceSetBy')} AND ${part('x_Parts')} > 1)`;
}

/** What a part of a row has of its own. */
const OF_PART: { readonly [Name in string]?: Sql } = {
  x_RowId: sql`priced.${pricedColumn('x_RowId')} || CASE WHEN ${part('x_PartOrdinal')} = 1 THEN '' ELSE '/' || CAST(${part('x_PartOrdinal')} AS VARCHAR) END`,
  PricingQuantity: sql`x_PartQuantity`,
  ConsumedQuantity: byQuantity(sql`priced.${pricedColumn('ConsumedQuantity')}`, DELIVERED_MONEY),
  CommitmentDiscountQuantity: byQuantity(sql`priced.${pricedColumn('CommitmentDiscountQuantity')}`, DELIVERED_MONEY),
  x_ChargedListCost: byQuantity(sql`priced.${chargedColumn('ListCost')}`, CHARGED_MONEY),
  x_ChargedBilledCost: byCost('BilledCost'),
  x_ChargedEffectiveCost: byCost('EffectiveCost'),
  x_ChargedContractedCost: byCost('ContractedCost'),
  x_ChargedContractedUnitPrice: sql`CASE
    WHEN priced.${chargedColumn('ContractedCost')} = ${part('x_CostOfAll')} OR ${part('x_CostOfAll')} = 0 THEN ${RATE}
    ELSE CAST(part_of(${exact(RATE)}, ${exact(sql`priced.${chargedColumn('ContractedCost')}`)}, ${exact(part('x_CostOfAll'))}) AS DECIMAL(38,18)) END`,
};

/** A cost is the tier's own where no other rule changed it since, else it is parted as the tiers' costs are. */
function byCost(cost: 'BilledCost' | 'EffectiveCost' | 'ContractedCost'): Sql {
  const whole = sql`priced.${chargedColumn(cost)}`;
  const weights = { to: part('x_CostTo'), own: part('x_PartCost'), all: part('x_CostOfAll') };
  return sql`CASE WHEN ${whole} = ${weights.all} THEN ${weights.own}
    WHEN ${weights.all} <> 0 THEN ${parted(whole, CHARGED_MONEY, weights)}
    ELSE ${byQuantity(whole, CHARGED_MONEY)} END`;
}

function byQuantity(whole: Sql, type: typeof CHARGED_MONEY): Sql {
  const quantity = sql`priced.${pricedColumn('PricingQuantity')}`;
  return parted(whole, type, { to: part('x_QuantityTo'), own: sql`x_PartQuantity`, all: quantity });
}

/** The part's piece of an amount: what belongs to all parts up to it, less what belongs to those before it. */
function parted(whole: Sql, type: typeof CHARGED_MONEY, { to, own, all }: { to: Sql; own: Sql; all: Sql }): Sql {
  const typed = sql`DECIMAL(${type.precision},${type.scale})`;
  const upTo = (weight: Sql) => sql`CAST(part_of(${exact(whole)}, ${exact(weight)}, ${exact(all)}) AS ${typed})`;
  const isLast = sql`${part('x_PartOrdinal')} = ${part('x_Parts')}`;
  return sql`CAST(CASE WHEN ${isLast} THEN ${whole} ELSE ${upTo(to)} END - CASE WHEN ${part('x_PartOrdinal')} = 1 THEN ${decimalLiteral('0', type)} ELSE ${upTo(sql`${to} - ${own}`)} END AS ${typed})`;
}

function exact(amount: Sql): Sql {
  return sql`CAST(${amount} AS DECIMAL(28,12))`;
}
