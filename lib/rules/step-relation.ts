import { type Branch, caseWhen } from '../sql/case-when.ts';
import { identifiers } from '../sql/identifiers.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { AMOUNT_COLUMNS, type AmountColumn, type Amounts, amountsOf } from './amounts.ts';
import { FORMULAS, formulasThat, widened } from './formulas.ts';
import { numberColumn, type PricedForm, pricedColumn } from './priced-columns.ts';
import type { StoredRowRule } from './stored-row-rule.ts';
import type { Formula } from './term.ts';
import { formulasUsed, TERM } from './terms-relation.ts';

/** Missing, not free: there is no list cost, or it is 0 where the contracted cost is not (`pricing.md` §5). */
export const IS_LIST_PRICE_MISSING = identifiers(['x_IsListPriceMissing'])('x_IsListPriceMissing');

/** Whether a row has no list price. */
export function listPriceMissing({ ListCost, ContractedCost }: Amounts<Sql>): Sql {
  return sql`(${ListCost} IS NULL OR (${ListCost} = 0 AND ${ContractedCost} IS NOT NULL AND ${ContractedCost} <> 0))`;
}

/** What a step finds: what the one before it left, or earlier statements did in the columns of `priced`. */
export interface Before {
  readonly removed: Sql;
  readonly isStandard: Sql;
  readonly setBy: Sql;
  readonly result: Amounts<Sql>;
}

/** The columns that a step adds. */
export function stepColumns(step: number) {
  const names = ['Number', 'Missing', 'Removed', 'IsStandard', 'SetBy', ...AMOUNT_COLUMNS];
  const name = identifiers(names.map((part) => `x_Step${step}${part}`));
  const of = (part: string) => name(`x_Step${step}${part}`);
  return {
    number: of('Number'),
    missing: of('Missing'),
    removed: of('Removed'),
    isStandard: of('IsStandard'),
    setBy: of('SetBy'),
    result: amountsOf((amount) => of(amount)),
  };
}
export type StepColumns = ReturnType<typeof stepColumns>;

interface StepFrom {
  readonly own: StepColumns;
  readonly before: Before;
  /** Whether an earlier rule may have changed the amounts. */
  readonly isChained: boolean;
  readonly at: number;
  /** The rule's place among those of the row. */
  readonly number: number;
  readonly original: Amounts<Sql>;
  readonly form: PricedForm;
}

/** The relation after one more step: the columns of the one before, and what this rule makes of a row. */
export function stepRelation(rules: readonly StoredRowRule[], from: StepFrom): Sql {
  const { own, before, at, original, form } = from;
  const { formulas } = formulasUsed(rules);
  const number =
    form.precedence === 'first_match'
      ? numberColumn('x_RuleNumber')
      : sql`element_at(${numberColumn('x_RuleNumbers')}, ${from.number})`;
  const chained = form.precedence === 'sequential' && from.isChained ? before : undefined;
  const given = chained
    ? amountsOf((amount) => (isChanged(amount, formulas) ? toTwelveDecimals(chained.result[amount]) : original[amount]))
    : original;
  const results = AMOUNT_COLUMNS.map((amount) => {
    const branches = [...formulas].map((formula) => ({
      when: isComputed([formula]),
      value: FORMULAS[formula].amounts(given)[amount],
    }));
    const passed: readonly Branch[] =
      chained && isChanged(amount, formulas)
        ? [{ when: sql`${TERM.formula} IS NULL`, value: chained.result[amount] }]
        : [];
    return sql`${caseWhen([...passed, ...branches], widened(given[amount]))} AS ${own.result[amount]}`;
  });
  const tierJoin = sql`
  LEFT JOIN tiered ON ${TERM.formula} = 'tiers' AND x_PartRow = ${pricedColumn('x_RowId')} AND x_PartNumber = ${TERM.number}`;
  return sql`${stepName(at + 1)} AS (SELECT ${stepName(at)}.*, ${number} AS ${own.number},
  ${isMissing(formulas)} AS ${own.missing},
  ${either(before.removed, TERM.removes)} AS ${own.removed},
  ${either(before.isStandard, isComputedIf(formulasThat(formulas, 'isStandardPrice')))} AS ${own.isStandard},
  ${priceSetter(formulas, number, from)} AS ${own.setBy},
  ${join(results, ',\n  ')}
  FROM ${stepName(at)} LEFT JOIN terms ON ${number} = ${TERM.number}${formulas.has('tiers') ? tierJoin : sql``})`;
}

/** Whether one of these formulas changes an amount at all: what none of them does is the original's at every step. */
function isChanged(amount: AmountColumn, formulas: ReadonlySet<Formula>): boolean {
  const unchanged = amountsOf((column) => sql`${column}`);
  return [...formulas].some(
    (formula) => FORMULAS[formula].amounts(unchanged)[amount].text !== widened(unchanged[amount]).text,
  );
}

/** What enters the next rule (`pricing.md` §6): rounded first, since a cast of a cut value costs a third of a rounding one. */
function toTwelveDecimals(amount: Sql): Sql {
  return sql`CAST(round(${amount}, 12) AS DECIMAL(28,12))`;
}

/** Whether a row's rule has one of these formulas and can compute. */
function isComputed(formulas: readonly Formula[]): Sql {
  return isComputedIf(
    formulas.map((formula) => sql`${formula}`),
    formulas.some((one) => FORMULAS[one].needsListPrice),
  );
}

function isComputedIf(formulas: readonly Sql[], needsListPrice = true): Sql {
  if (formulas.length === 0) return sql`FALSE`;
  const is = formulas.length === 1 ? sql`${TERM.formula} = ${formulas}` : sql`${TERM.formula} IN (${formulas})`;
  return needsListPrice ? sql`${is} AND NOT ${IS_LIST_PRICE_MISSING}` : is;
}

function isMissing(formulas: ReadonlySet<Formula>): Sql {
  const needing = formulasThat(formulas, 'needsListPrice');
  if (needing.length === 0) return sql`FALSE`;
  return sql`COALESCE(${TERM.formula} IN (${needing}) AND ${IS_LIST_PRICE_MISSING}, FALSE)`;
}

function priceSetter(formulas: ReadonlySet<Formula>, number: Sql, { before, isChained }: StepFrom): Sql {
  const none = sql`CAST(NULL AS INTEGER)`;
  const setting = [...formulas].filter((formula) => FORMULAS[formula].setsPrice);
  const branches = setting.map((formula) => ({ when: isComputed([formula]), value: number }));
  const ended = formulas.has('zero') && isChained ? [{ when: isComputed(['zero']), value: none }] : [];
  return caseWhen([...branches, ...ended], before.setBy);
}

function either(before: Sql, now: Sql): Sql {
  const own = sql`COALESCE(${now}, FALSE)`;
  return before.text === 'FALSE' ? own : sql`${before} OR ${own}`;
}

/** The relation after so many steps. */
export function stepName(step: number): Sql {
  return identifiers([`step${step}`])(`step${step}`);
}
