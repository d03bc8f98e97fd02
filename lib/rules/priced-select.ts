import { identifiers } from '../sql/identifiers.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { AMOUNT_COLUMNS } from './amounts.ts';
import type { CommitmentPolicies } from './commitments/commitment-policies.ts';
import { hidesCommitment, settledRelations } from './commitments/settled-relation.ts';
import { matchedRelations } from './matched.ts';
import { numberColumn, type PricedForm, pricedColumn, pricedColumns } from './priced-columns.ts';
import { STEPS_AT_ONCE, type Steps, stepsOf } from './steps.ts';
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

/** A table to be made before `priced` where rows have more rules than one statement applies. */
export interface PartlyPriced {
  readonly table: string;
  /** Columns of `priced`, after as many rules as a statement applies: all rows in the first table, then those with more. */
  readonly select: Sql;
}

/** The tables of rows priced in part that `priced` is put together from, in order; none where a row has few rules. */
export function partlyPriced(pricing: Pricing, count: number): readonly PartlyPriced[] {
  if (count <= STEPS_AT_ONCE) return [];
  return partsOf(count).map((first, part) => ({
    table: partTable(part).text,
    select: part === 0 ? fromDelivered(pricing, STEPS_AT_ONCE) : fromPart(pricing, { first, part, count }),
  }));
}

/** The SELECT that prices `delivered`, a row for a row, by `count` rules a row at most. */
export function pricedSelect(pricing: Pricing, count: number): Sql {
  if (count <= STEPS_AT_ONCE) return fromDelivered(pricing, count);
  const parts = partsOf(count).map((first, part) => {
    const ended = sql` WHERE ${rulesOfRow()} <= ${first + STEPS_AT_ONCE}`;
    return sql`SELECT * FROM ${partTable(part)}${first + STEPS_AT_ONCE < count ? ended : sql``}`;
  });
  return join(parts, '\nUNION ALL\n');
}

/** Per part, how many rules of a row the parts before it have applied. */
export function partsOf(count: number): readonly number[] {
  return Array.from({ length: Math.max(1, Math.ceil(count / STEPS_AT_ONCE)) }, (_, part) => part * STEPS_AT_ONCE);
}

/** The table of a part, 0 being the first. */
export function partTable(part: number): Sql {
  const name = `partly_priced_${part + 1}`;
  return identifiers([name])(name);
}

function rulesOfRow(): Sql {
  return sql`cardinality(${numberColumn('x_RuleNumbers')})`;
}

function fromDelivered(pricing: Pricing, count: number): Sql {
  const { rules, policies, hasPolicies } = pricing;
  const steps = stepsOf(rules, { source: sql`matched`, count, form: pricing });
  const isSettled = sql`${pricedColumn('x_Settlement')} IS NOT NULL`;
  const { isStandardPrice } = steps;
  return sql`WITH
${matched(pricing)},
${steps.relations}
SELECT ${columnsOf(pricing, steps, {
    x_IsStandardPrice: hasPolicies ? sql`(${isStandardPrice} OR ${isSettled})` : isStandardPrice,
    x_HidesCommitment: hasPolicies ? sql`(${isStandardPrice} OR ${hidesCommitment(policies)})` : isStandardPrice,
  })}
FROM ${steps.last}`;
}

/** The next rules of the rows of a part that have more. */
function fromPart(pricing: Pricing, { first, part, count }: { first: number; part: number; count: number }): Sql {
  const steps = stepsOf(pricing.rules, {
    source: sql`longer`,
    counted: partTable(0),
    first,
    count: Math.min(STEPS_AT_ONCE, count - first),
    form: pricing,
  });
  const isNow = (column: 'x_IsStandardPrice' | 'x_HidesCommitment') =>
    sql`(${pricedColumn(column)} OR ${steps.isStandardPrice})`;
  return sql`WITH
longer AS (SELECT * FROM ${partTable(part - 1)} WHERE ${rulesOfRow()} > ${first}),
${steps.relations}
SELECT ${columnsOf(pricing, steps, { x_IsStandardPrice: isNow('x_IsStandardPrice'), x_HidesCommitment: isNow('x_HidesCommitment') })}
FROM ${steps.last}`;
}

/** Every column of `priced`: those of pricing by these steps, the others as they are. */
function columnsOf(
  pricing: Pricing,
  { charged, removed, priceSetBy }: Steps,
  visibility: Readonly<Record<'x_IsStandardPrice' | 'x_HidesCommitment', Sql>>,
): Sql {
  const values: Readonly<Record<string, Sql>> = {
    ...Object.fromEntries(AMOUNT_COLUMNS.map((amount) => [`x_Charged${amount}`, charged[amount]])),
    x_Removed: removed,
    ...visibility,
    x_PriceSetBy: priceSetBy,
  };
  const columns = pricedColumns(pricing).map((name) => {
    const value = values[name];
    return value === undefined ? pricedColumn(name) : sql`${value} AS ${pricedColumn(name)}`;
  });
  return join(columns, ',\n  ');
}
