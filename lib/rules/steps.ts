import { CHARGED_MONEY, decimalLiteral } from '../sql/decimal-literal.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { type AmountColumn, type Amounts, amountsOf } from './amounts.ts';
import { widened } from './formulas.ts';
import { chargedColumn, originalColumn, type PricedForm, pricedColumn } from './priced-columns.ts';
import {
  type Before,
  IS_LIST_PRICE_MISSING,
  listPriceMissing,
  type StepColumns,
  stepColumns,
  stepName,
  stepRelation,
} from './step-relation.ts';
import type { StoredRowRule } from './stored-row-rule.ts';
import { termsRelation } from './terms-relation.ts';
import { tieredCosts, tieredRules, tierParts } from './tiered-relations.ts';

/** Rules of a row that one statement applies: each step costs it about 20 MB, and planning grows with their square. */
export const STEPS_AT_ONCE = 8;

/** What the rules of a row make of it, step by step. */
export interface Steps {
  /** The relations that compute it. */
  readonly relations: Sql;
  /** The last of them: every column of the source, and what is named here. */
  readonly last: Sql;
  /** The amounts after these steps, DECIMAL(38,18). */
  readonly charged: Amounts<Sql>;
  readonly removed: Sql;
  /** Whether one of these steps charges the standard price. */
  readonly isStandardPrice: Sql;
  /** The number of the rule that set the price last. */
  readonly priceSetBy: Sql;
  readonly each: readonly Step[];
}

/** One rule's step. */
export interface Step {
  /** Null where a row has fewer rules. */
  readonly number: Sql;
  readonly isListPriceMissing: Sql;
  /** What it changed, null counting as 0. */
  readonly delta: (amount: AmountColumn) => Sql;
}

/** Which rules of a row these steps apply. */
export interface StepsFrom {
  /** The relation of rows that know the numbers of their rules. */
  readonly source: Sql;
  /** All rows of the shard: what tiers count. */
  readonly counted?: Sql;
  /** How many rules earlier statements have applied; the source's columns of pricing say what came of them. */
  readonly first?: number;
  readonly count: number;
  readonly form: PricedForm;
}

/**
 * Prices the rows of `source`, which know the numbers of their rules, by as many steps as a row has rules (`pricing.md`
 * §6). A step joins its rule's terms and takes every amount from one flat CASE over the formulas, so a statement hardly
 * grows with the number of rules.
 */
export function stepsOf(
  rules: readonly StoredRowRule[],
  { source, counted = source, first = 0, count, form }: StepsFrom,
): Steps {
  const tiered = tieredRules(rules);
  const original = amountsOf((amount) => originalColumn(amount, form));
  const found = first > 0 ? LEFT_BY_EARLIER : nothingYet(original);
  const columns = Array.from({ length: count }, (_, at) => stepColumns(at + 1));
  const relations = columns.map((own, at) => {
    const before = columns[at - 1] ?? found;
    return stepRelation(rules, { own, before, isChained: first + at > 0, at, number: first + at + 1, original, form });
  });
  const last = columns.at(-1) ?? found;
  return {
    relations: join(
      [
        termsRelation(rules),
        ...(tiered.length === 0 ? [] : [tierParts(tiered, counted, form), tieredCosts()]),
        sql`step0 AS (SELECT ${source}.*, ${listPriceMissing(original)} AS ${IS_LIST_PRICE_MISSING} FROM ${source})`,
        ...relations,
      ],
      ',\n',
    ),
    last: stepName(count),
    charged: amountsOf((amount) => chargedBy(amount, { columns, found, original, form })),
    removed: last.removed,
    isStandardPrice: last.isStandard,
    priceSetBy: last.setBy,
    each: columns.map((own, at) => {
      const before = form.precedence === 'sequential' ? (columns[at - 1] ?? found) : nothingYet(original);
      return {
        number: own.number,
        isListPriceMissing: own.missing,
        delta: (amount) => sql`${orZero(own.result[amount])} - ${orZero(before.result[amount])}`,
      };
    }),
  };
}

/** A row before its first rule. */
function nothingYet(original: Amounts<Sql>): Before {
  return {
    removed: sql`FALSE`,
    isStandard: sql`FALSE`,
    setBy: sql`CAST(NULL AS INTEGER)`,
    result: amountsOf((amount) => widened(original[amount])),
  };
}

/** A row that earlier statements have priced in part. */
const LEFT_BY_EARLIER: Before = {
  removed: pricedColumn('x_Removed'),
  isStandard: sql`FALSE`,
  setBy: pricedColumn('x_PriceSetBy'),
  result: amountsOf(chargedColumn),
};

interface ChargedFrom {
  readonly columns: readonly StepColumns[];
  readonly found: Before;
  readonly original: Amounts<Sql>;
  readonly form: PricedForm;
}

/** The last result; where every rule computes from the original amount, what was found and all they changed. */
function chargedBy(amount: AmountColumn, { columns, found, original, form: { precedence } }: ChargedFrom): Sql {
  const last = columns.at(-1);
  if (last === undefined) return found.result[amount];
  if (precedence !== 'independent') return last.result[amount];
  const results = columns.map(({ result }) => result[amount]);
  const start = widened(original[amount]);
  const sum = join([found.result[amount], ...results.map((result) => sql`(${result} - ${start})`)], ' + ');
  return sql`CASE WHEN ${original[amount]} IS NULL THEN COALESCE(${[...results, found.result[amount]]}) ELSE ${sum} END`;
}

function orZero(amount: Sql): Sql {
  return sql`COALESCE(${amount}, ${decimalLiteral('0', CHARGED_MONEY)})`;
}
