import type { RowRule } from '../domain/billing-rule.ts';
import type { StoredRule } from '../domain/stored-rule.ts';
import { decimalLiteral, FACTOR } from '../sql/decimal-literal.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { ruleSqlOf } from './rule-sql.ts';
import { TERM } from './term-columns.ts';

/** A stored rule that acts on rows. */
export type StoredRowRule = StoredRule & { readonly rule: RowRule };

/**
 * The relation `terms`, one row per rule, joined on the rule's number: the cost of a statement then hardly grows with
 * the number of rules. Number 0 is no rule's; it gives the relation its types where there are no rules.
 */
export function termsRelation(rules: readonly StoredRowRule[]): Sql {
  const none = sql`(0, '', ${decimalLiteral('1', FACTOR)}, FALSE)`;
  const rows = rules.map(({ order, rule }) => {
    const { factor, removes } = ruleSqlOf(rule);
    return sql`(${order}, ${rule.type}, ${decimalLiteral(factor(rule), FACTOR)}, ${removes(rule) ? sql`TRUE` : sql`FALSE`})`;
  });
  return sql`terms (${[TERM.number, TERM.type, TERM.factor, TERM.removes]}) AS (VALUES
    ${join([none, ...rows], ',\n    ')})`;
}
