import { join, type Sql, sql } from '../sql/sql.ts';
import { AMOUNT_COLUMNS } from './amounts.ts';
import type { CommitmentPolicies } from './commitments/commitment-policies.ts';
import { hidesCommitment, settledRelations } from './commitments/settled-relation.ts';
import { matchedRelations } from './matched.ts';
import { numberColumn, type PricedForm, pricedColumn, pricedColumns } from './priced-columns.ts';
import { stepsOf } from './steps.ts';
import type { StoredRowRule } from './stored-row-rule.ts';

/** What prices rows: the rules in order, how they take precedence, and the policies that act before them. */
export interface Pricing extends PricedForm {
  readonly rules: readonly StoredRowRule[];
  readonly policies: CommitmentPolicies;
}

/** The relations up to `matched`: policies first, then which rules price a row. */
function matched({ rules, policies, precedence, hasPolicies }: Pricing): Sql {
  const source = hasPolicies ? sql`settled` : sql`delivered`;
  const before = hasPolicies ? sql`${settledRelations(policies)},\n` : sql``;
  return sql`${before}${matchedRelations(rules, precedence, source)}`;
}

/** The SELECT of the most rules that one row of `delivered` has (`steps`): what a chain of them needs to be long. */
export function mostRulesSelect(pricing: Pricing): Sql {
  return sql`WITH
${matched(pricing)}
SELECT COALESCE(max(cardinality(${numberColumn('x_RuleNumbers')})), 0) AS steps FROM matched`;
}

/** The SELECT that prices `delivered`, a row for a row, by `count` rules a row at most. */
export function pricedSelect(pricing: Pricing, count: number): Sql {
  const { rules, policies, hasPolicies } = pricing;
  const { relations, last, charged, removed, isStandardPrice, priceSetBy } = stepsOf(rules, {
    source: sql`matched`,
    count,
    form: pricing,
  });
  const isSettled = sql`${pricedColumn('x_Settlement')} IS NOT NULL`;
  const values: Readonly<Record<string, Sql>> = {
    ...Object.fromEntries(AMOUNT_COLUMNS.map((amount) => [`x_Charged${amount}`, charged[amount]])),
    x_Removed: removed,
    x_IsStandardPrice: hasPolicies ? sql`(${isStandardPrice} OR ${isSettled})` : isStandardPrice,
    x_HidesCommitment: hasPolicies ? sql`(${isStandardPrice} OR ${hidesCommitment(policies)})` : isStandardPrice,
    x_PriceSetBy: priceSetBy,
  };
  const columns = pricedColumns(pricing).map((name) => {
    const value = values[name];
    return value === undefined ? pricedColumn(name) : sql`${value} AS ${pricedColumn(name)}`;
  });
  return sql`WITH
${matched(pricing)},
${relations}
SELECT ${join(columns, ',\n  ')}
FROM ${last}`;
}
