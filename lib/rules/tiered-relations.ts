import type { RuleOf } from '../domain/billing-rule.ts';
import { ExactDecimal } from '../domain/exact-decimal.ts';
import { type DecimalType, decimalLiteral } from '../sql/decimal-literal.ts';
import { foldAsciiCase } from '../sql/fold-case.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { TIER } from './formulas.ts';
import { pricedColumn as column, numberColumn, type PricedForm } from './priced-columns.ts';
import { RATE, RATE_COLUMNS, rateLiterals, timesRate } from './rate-parts.ts';
import type { StoredRowRule } from './stored-row-rule.ts';

/** Sums of quantities, which are DECIMAL(28,12). */
const COUNTER: DecimalType = { precision: 38, scale: 12 };
/** Beyond every counter: the first tier takes what is below 0, the last all the rest. */
const ENDLESS = '99999999999999999999999999';

type TieredRule = StoredRowRule & { readonly rule: RuleOf<'tiered_rate'> };

/** The rules among these that count. */
export function tieredRules(rules: readonly StoredRowRule[]): readonly TieredRule[] {
  return rules.flatMap((stored) => (stored.rule.type === 'tiered_rate' ? [{ ...stored, rule: stored.rule }] : []));
}

/**
 * The relation `tier_parts` over `source`: per row, and tiered rule that is applied to it, its quantity by tiers
 * (`x_PartRow`, `x_PartNumber`, `x_PartPlace`, `x_PartQuantity`, the tier's rate). The counter runs over the rows of a
 * rule, a customer or one sub account of it, and a billing period, in order of ChargePeriodStart, SubAccountId and row id;
 * a negative quantity takes it back down (`pricing.md` §5 a).
 */
export function tierParts(rules: readonly TieredRule[], source: Sql, form: PricedForm): Sql {
  const numbers = rules.map(({ order }) => sql`${order}`);
  const bySubAccount = rules.filter(({ rule }) => rule.aggregate === 'sub_account').map(({ order }) => sql`${order}`);
  const account =
    bySubAccount.length === 0
      ? sql`''`
      : sql`CASE WHEN x_CountedNumber IN (${bySubAccount}) THEN ${foldAsciiCase(column('SubAccountId'))} ELSE '' END`;
  const counted =
    form.precedence === 'first_match'
      ? sql`SELECT ${source}.*, ${numberColumn('x_RuleNumber')} AS x_CountedNumber FROM ${source} WHERE ${numberColumn('x_RuleNumber')} IN (${numbers})`
      : sql`SELECT ${source}.*, x_CountedNumber FROM ${source} CROSS JOIN UNNEST(${numberColumn('x_RuleNumbers')}) AS numbers (x_CountedNumber) WHERE x_CountedNumber IN (${numbers})`;
  const quantity = column('PricingQuantity');
  return sql`tier_bounds (x_TierNumber, x_PartPlace, x_TierFrom, x_TierTo, ${RATE_COLUMNS}) AS (VALUES
    ${join(rules.flatMap(boundsOf), ',\n    ')}),
counted AS (SELECT ${column('x_RowId')} AS x_PartRow, x_CountedNumber, ${quantity} AS x_Counted,
    sum(${quantity}) OVER (PARTITION BY x_CountedNumber, ${column('x_Owner')}, ${column('BillingPeriodStart')}, ${account}
      ORDER BY ${column('ChargePeriodStart')}, ${column('SubAccountId')}, ${column('x_RowId')} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS x_CountedTo
  FROM (${counted}) AS counted_rows),
spans AS (SELECT counted.*, CASE WHEN x_Counted < 0 THEN x_CountedTo ELSE x_CountedTo - x_Counted END AS x_Lower,
    CASE WHEN x_Counted < 0 THEN x_CountedTo - x_Counted ELSE x_CountedTo - ${zero()} END AS x_Upper FROM counted),
tier_parts AS (SELECT x_PartRow, x_CountedNumber AS x_PartNumber, x_PartPlace, x_Counted, ${RATE_COLUMNS},
    CAST((CASE WHEN x_Upper < x_TierTo THEN x_Upper ELSE x_TierTo END - CASE WHEN x_Lower > x_TierFrom THEN x_Lower ELSE x_TierFrom END)
      * CASE WHEN x_Counted < 0 THEN -1 ELSE 1 END AS DECIMAL(28,12)) AS x_PartQuantity
  FROM spans JOIN tier_bounds ON x_TierNumber = x_CountedNumber
    AND x_Lower < x_TierTo AND (x_Upper > x_TierFrom OR (x_Counted = 0 AND x_Upper >= x_TierFrom)))`;
}

/** The relation `tiered` over `tier_parts`: what a row costs in all its tiers, and its price in the first of them. */
export function tieredCosts(): Sql {
  return sql`tiered AS (SELECT x_PartRow, x_PartNumber, sum(${timesRate(sql`x_PartQuantity`)}) AS ${TIER.cost},
    CASE WHEN max(x_Counted) < 0 THEN max_by(${RATE}, x_PartPlace) ELSE min_by(${RATE}, x_PartPlace) END AS ${TIER.price}
  FROM tier_parts GROUP BY x_PartRow, x_PartNumber)`;
}

function boundsOf({ order, rule: { tiers } }: TieredRule): readonly Sql[] {
  const bound = (text: string) => decimalLiteral(text, COUNTER);
  return tiers.map(({ from, rate }, at) => {
    const next = tiers[at + 1];
    const lower = at === 0 ? bound(`-${ENDLESS}`) : bound(from);
    return sql`(${[sql`${order}`, sql`${at}`, lower, bound(next?.from ?? ENDLESS), ...rateLiterals(new ExactDecimal(rate))]})`;
  });
}

function zero(): Sql {
  return decimalLiteral('0', { precision: 28, scale: 12 });
}
