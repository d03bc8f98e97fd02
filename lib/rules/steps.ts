import { type Branch, caseWhen } from '../sql/case-when.ts';
import { CHARGED_MONEY, decimalLiteral, nullDecimal } from '../sql/decimal-literal.ts';
import { identifiers } from '../sql/identifiers.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { AMOUNT_COLUMNS, type AmountColumn, type Amounts, amountsOf } from './amounts.ts';
import { FORMULAS, formulasThat, widened } from './formulas.ts';
import { numberColumn, originalColumn, type PricedForm, pricedColumn } from './priced-columns.ts';
import type { StoredRowRule } from './stored-row-rule.ts';
import type { Formula } from './term.ts';
import { formulasUsed, TERM, termsRelation } from './terms-relation.ts';
import { tieredCosts, tieredRules, tierParts } from './tiered-relations.ts';

/** What the rules of a row make of it, step by step. */
export interface Steps {
  /** The relations that compute it. */
  readonly relations: Sql;
  /** The last of them: every column of the source, and what is named here. */
  readonly last: Sql;
  /** The final amounts, DECIMAL(38,18). */
  readonly charged: Amounts<Sql>;
  readonly removed: Sql;
  readonly isStandardPrice: Sql;
  /** The number of the rule that set the final price. */
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

/** Missing, not free: there is no list cost, or it is 0 where the contracted cost is not (`pricing.md` §5). */
const IS_LIST_PRICE_MISSING = identifiers(['x_IsListPriceMissing'])('x_IsListPriceMissing');

function listPriceMissing({ ListCost, ContractedCost }: Amounts<Sql>): Sql {
  return sql`(${ListCost} IS NULL OR (${ListCost} = 0 AND ${ContractedCost} IS NOT NULL AND ${ContractedCost} <> 0))`;
}

/** The columns that a step adds. */
function stepColumns(step: number) {
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
type StepColumns = ReturnType<typeof stepColumns>;

/**
 * Prices the rows of `source`, which know the numbers of their rules, by as many steps as a row has rules (`pricing.md`
 * §6). A step joins its rule's terms and takes every amount from one flat CASE over the formulas, so a statement hardly
 * grows with the number of rules.
 */
export function stepsOf(
  rules: readonly StoredRowRule[],
  { source, count, form }: { source: Sql; count: number; form: PricedForm },
): Steps {
  const tiered = tieredRules(rules);
  const original = amountsOf((amount) => originalColumn(amount, form));
  const columns = Array.from({ length: count }, (_, at) => stepColumns(at + 1));
  const relations = columns.map((own, at) => stepRelation(rules, { own, before: columns[at - 1], at, original, form }));
  const last = columns.at(-1);
  return {
    relations: join(
      [
        termsRelation(rules),
        ...(tiered.length === 0 ? [] : [tierParts(tiered, source, form), tieredCosts()]),
        sql`step0 AS (SELECT ${source}.*, ${listPriceMissing(original)} AS ${IS_LIST_PRICE_MISSING} FROM ${source})`,
        ...relations,
      ],
      ',\n',
    ),
    last: stepName(count),
    charged: amountsOf((amount) => chargedBy(amount, columns, original, form)),
    removed: last?.removed ?? sql`FALSE`,
    isStandardPrice: last?.isStandard ?? sql`FALSE`,
    priceSetBy: last?.setBy ?? sql`CAST(NULL AS INTEGER)`,
    each: columns.map((own, at) => ({
      number: own.number,
      isListPriceMissing: own.missing,
      delta: (amount) =>
        sql`${orZero(own.result[amount])} - ${orZero(resultBefore(amount, columns[at - 1], original, form))}`,
    })),
  };
}

interface StepFrom {
  readonly own: StepColumns;
  readonly before: StepColumns | undefined;
  readonly at: number;
  readonly original: Amounts<Sql>;
  readonly form: PricedForm;
}

function stepRelation(rules: readonly StoredRowRule[], { own, before, at, original, form }: StepFrom): Sql {
  const { formulas } = formulasUsed(rules);
  const number =
    form.precedence === 'first_match'
      ? numberColumn('x_RuleNumber')
      : sql`element_at(${numberColumn('x_RuleNumbers')}, ${at + 1})`;
  const chained = form.precedence === 'sequential' ? before : undefined;
  const given = chained ? amountsOf((amount) => sql`CAST(${chained.result[amount]} AS DECIMAL(28,12))`) : original;
  const results = AMOUNT_COLUMNS.map((amount) => {
    const branches = [...formulas].map((formula) => ({
      when: isComputed([formula]),
      value: FORMULAS[formula].amounts(given)[amount],
    }));
    const passed: readonly Branch[] = chained
      ? [{ when: sql`${TERM.formula} IS NULL`, value: chained.result[amount] }]
      : [];
    return sql`${caseWhen([...passed, ...branches], widened(given[amount]))} AS ${own.result[amount]}`;
  });
  const tierJoin = sql`
  LEFT JOIN tiered ON ${TERM.formula} = 'tiers' AND x_PartRow = ${pricedColumn('x_RowId')} AND x_PartNumber = ${TERM.number}`;
  return sql`${stepName(at + 1)} AS (SELECT ${stepName(at)}.*, ${number} AS ${own.number},
  ${isMissing(formulas)} AS ${own.missing},
  ${either(before?.removed, TERM.removes)} AS ${own.removed},
  ${either(before?.isStandard, isComputedIf(formulasThat(formulas, 'isStandardPrice')))} AS ${own.isStandard},
  ${priceSetter(formulas, number, before)} AS ${own.setBy},
  ${join(results, ',\n  ')}
  FROM ${stepName(at)} LEFT JOIN terms ON ${number} = ${TERM.number}${formulas.has('tiers') ? tierJoin : sql``})`;
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

function priceSetter(formulas: ReadonlySet<Formula>, number: Sql, before: StepColumns | undefined): Sql {
  const none = sql`CAST(NULL AS INTEGER)`;
  const setting = [...formulas].filter((formula) => FORMULAS[formula].setsPrice);
  const branches = setting.map((formula) => ({ when: isComputed([formula]), value: number }));
  const ended = formulas.has('zero') && before ? [{ when: isComputed(['zero']), value: none }] : [];
  return caseWhen([...branches, ...ended], before?.setBy ?? none);
}

function either(before: Sql | undefined, now: Sql): Sql {
  const own = sql`COALESCE(${now}, FALSE)`;
  return before === undefined ? own : sql`${before} OR ${own}`;
}

/** The amount that a step's delta counts from. */
function resultBefore(
  amount: AmountColumn,
  before: StepColumns | undefined,
  original: Amounts<Sql>,
  { precedence }: PricedForm,
): Sql {
  return precedence === 'sequential' && before ? before.result[amount] : widened(original[amount]);
}

/** The last result; where every rule computes from the original amount, that and all they changed. */
function chargedBy(
  amount: AmountColumn,
  columns: readonly StepColumns[],
  original: Amounts<Sql>,
  { precedence }: PricedForm,
): Sql {
  const last = columns.at(-1);
  if (last === undefined) return widened(original[amount]);
  if (precedence !== 'independent') return last.result[amount];
  const results = columns.map(({ result }) => result[amount]);
  const start = widened(original[amount]);
  const sum = join([start, ...results.map((result) => sql`(${result} - ${start})`)], ' + ');
  return sql`CASE WHEN ${original[amount]} IS NULL THEN COALESCE(${[...results, nullDecimal(CHARGED_MONEY)]}) ELSE ${sum} END`;
}

function orZero(amount: Sql): Sql {
  return sql`COALESCE(${amount}, ${decimalLiteral('0', CHARGED_MONEY)})`;
}

/** The relation after so many steps. */
function stepName(step: number): Sql {
  return identifiers([`step${step}`])(`step${step}`);
}
