import { ExactDecimal } from '../domain/exact-decimal.ts';
import { decimalLiteral, FACTOR } from '../sql/decimal-literal.ts';
import { identifiers } from '../sql/identifiers.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { RATE_COLUMNS, rateLiterals } from './rate-parts.ts';
import type { StoredRowRule } from './stored-row-rule.ts';
import { type Formula, termOf } from './term.ts';

const column = identifiers(['x_TermNumber', 'x_Formula', 'x_Factor', 'x_Removes']);

/** Columns of the relation `terms`: what the formulas need of a rule, by its number. */
export const TERM = {
  number: column('x_TermNumber'),
  formula: column('x_Formula'),
  factor: column('x_Factor'),
  removes: column('x_Removes'),
} as const;

/** What a set of rules needs of the statement. */
export interface FormulasUsed {
  readonly formulas: ReadonlySet<Formula>;
  readonly terms: readonly Sql[];
}

/** The formulas that these rules use, and the columns of `terms` that they read. */
export function formulasUsed(rules: readonly StoredRowRule[]): FormulasUsed {
  const formulas = new Set(rules.map(({ rule }) => termOf(rule).formula));
  return { formulas, terms: [TERM.formula, TERM.factor, TERM.removes, ...(formulas.has('rate') ? RATE_COLUMNS : [])] };
}

/**
 * The relation `terms`, one row per rule, joined on the rule's number: the cost of a statement then hardly grows with
 * the number of rules. Number 0 is no rule's; it gives the relation its types where there are no rules.
 */
export function termsRelation(rules: readonly StoredRowRule[]): Sql {
  const hasRates = formulasUsed(rules).formulas.has('rate');
  const columns = [TERM.number, TERM.formula, TERM.factor, TERM.removes, ...(hasRates ? RATE_COLUMNS : [])];
  const rows = rules.map(({ order, rule }) => {
    const { formula, factor, rate, removes } = termOf(rule);
    const literals = [decimalLiteral(factor.toFixed(), FACTOR), removes ? sql`TRUE` : sql`FALSE`];
    return sql`(${[sql`${order}`, sql`${formula}`, ...literals, ...(hasRates ? rateLiterals(rate) : [])]})`;
  });
  const none = [sql`0`, sql`''`, decimalLiteral('1', FACTOR), sql`FALSE`];
  return sql`terms (${columns}) AS (VALUES
    ${join([sql`(${[...none, ...(hasRates ? rateLiterals(new ExactDecimal(0)) : [])]})`, ...rows], ',\n    ')})`;
}
