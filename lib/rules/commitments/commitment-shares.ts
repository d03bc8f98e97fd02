import { DELIVERED_MONEY, decimalLiteral } from '../../sql/decimal-literal.ts';
import { identifiers } from '../../sql/identifiers.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import { deliveredColumn as column } from '../delivered-columns.ts';
import type { CommitmentPolicies } from './commitment-policies.ts';
import { IS_USED, ownerAfterPolicies } from './settled-relation.ts';

/** What the unused part of a commitment is shared within: charge periods are compared as they are. */
const POOL = ['CommitmentDiscountId', 'ChargePeriodStart', 'ChargePeriodEnd', 'BillingCurrency'] as const;
/** Ties of the largest use, before the row's id. */
const TIES = ['SubAccountId', 'ResourceId', 'SkuId'] as const;

const own = identifiers([
  'x_IsUse',
  'x_Cost',
  'x_Rows',
  'x_Unused',
  'x_Used',
  'x_Residue',
  'x_Place',
  'x_ShareRow',
  'x_Share',
]);
const NOTHING = decimalLiteral('0', DELIVERED_MONEY);

/** Columns of `commitment_rows` with their types: what is known of every shard's commitments. */
export const COMMITMENT_ROWS_COLUMNS =
  '"CommitmentDiscountId" VARCHAR, "ChargePeriodStart" TIMESTAMP, "ChargePeriodEnd" TIMESTAMP, "BillingCurrency" VARCHAR, "SubAccountId" VARCHAR, "ResourceId" VARCHAR, "SkuId" VARCHAR, "x_IsUse" BOOLEAN, "x_Cost" DECIMAL(28,12), "x_Rows" BIGINT';

/**
 * The SELECT of `commitment_rows` over `source`, delivered rows with their owner by assignment: all used rows, alike ones
 * counted, and the unused rows that are the partner's or nobody's (`pricing.md` §7).
 */
export function commitmentRowsSelect(policies: CommitmentPolicies, source: Sql): string {
  const owner = ownerAfterPolicies(policies);
  const keys = [...POOL, ...TIES].map((name) => column(name));
  const cost = sql`COALESCE(${column('EffectiveCost')}, ${NOTHING})`;
  return sql`SELECT ${keys}, ${IS_USED} AS ${own('x_IsUse')}, ${cost} AS ${own('x_Cost')}, count(*) AS ${own('x_Rows')}
FROM ${source}
WHERE ${column('CommitmentDiscountId')} IS NOT NULL AND (${IS_USED}
  OR (COALESCE(${column('CommitmentDiscountStatus')} = 'Unused', FALSE) AND ${owner} IN ('partner', 'unassigned')))
GROUP BY ${[...keys, IS_USED, cost]}`.text;
}

/**
 * The SELECT of `commitment_shares` (`x_ShareRow`, `x_Share`) for the used rows of `delivered`: the unused part in
 * proportion to use, 12 decimals, what rounding leaves to the largest use. Nothing is shared where the uses sum to 0.
 */
export function commitmentSharesSelect(): string {
  const pool = POOL.map((name) => column(name));
  const share = (cost: Sql) => sql`part_of(${own('x_Unused')}, ${cost}, ${own('x_Used')})`;
  const same = (names: readonly (typeof POOL | typeof TIES)[number][], one: string, other: string) =>
    join(
      names.map(
        (name) => sql`${relation(one)}.${column(name)} IS NOT DISTINCT FROM ${relation(other)}.${column(name)}`,
      ),
      ' AND ',
    );
  return sql`WITH
pools AS (SELECT ${pool},
    CAST(COALESCE(sum(CASE WHEN NOT ${own('x_IsUse')} THEN ${own('x_Cost')} * ${own('x_Rows')} END), ${NOTHING}) AS DECIMAL(28,12)) AS ${own('x_Unused')},
    CAST(COALESCE(sum(CASE WHEN ${own('x_IsUse')} THEN ${own('x_Cost')} * ${own('x_Rows')} END), ${NOTHING}) AS DECIMAL(28,12)) AS ${own('x_Used')}
  FROM commitment_rows GROUP BY ${pool}),
uses AS (SELECT commitment_rows.*, ${own('x_Unused')}, ${own('x_Used')},
    row_number() OVER (PARTITION BY ${pool.map((name) => sql`commitment_rows.${name}`)} ORDER BY ${own('x_Cost')} DESC, ${TIES.map((name) => column(name))}) AS ${own('x_Place')},
    ${own('x_Unused')} - sum(${share(own('x_Cost'))} * ${own('x_Rows')}) OVER (PARTITION BY ${pool.map((name) => sql`commitment_rows.${name}`)}) AS ${own('x_Residue')}
  FROM commitment_rows JOIN pools ON ${same(POOL, 'commitment_rows', 'pools')}
  WHERE ${own('x_IsUse')} AND ${own('x_Used')} <> 0),
taken AS (SELECT delivered.${column('x_RowId')} AS ${own('x_ShareRow')}, ${own('x_Unused')}, ${own('x_Used')}, ${own('x_Cost')}, ${own('x_Place')}, ${own('x_Residue')},
    row_number() OVER (PARTITION BY ${[...pool, ...TIES.map((name) => column(name))].map((name) => sql`delivered.${name}`)}, ${own('x_Cost')} ORDER BY delivered.${column('x_RowId')}) AS x_Among
  FROM delivered JOIN uses ON ${same([...POOL, ...TIES], 'delivered', 'uses')}
    AND COALESCE(delivered.${column('EffectiveCost')}, ${NOTHING}) = ${own('x_Cost')}
  WHERE COALESCE(delivered.${column('CommitmentDiscountStatus')} = 'Used', FALSE))
SELECT ${own('x_ShareRow')}, CAST(${share(own('x_Cost'))} + CASE WHEN ${own('x_Place')} = 1 AND x_Among = 1 THEN CAST(${own('x_Residue')} AS DECIMAL(28,12)) ELSE ${NOTHING} END AS DECIMAL(28,12)) AS ${own('x_Share')}
FROM taken`.text;
}

const relation = identifiers(['commitment_rows', 'pools', 'delivered', 'uses']) as (name: string) => Sql;
