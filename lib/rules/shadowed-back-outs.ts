import { caseWhen } from '../sql/case-when.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { compileApplicability } from './applies-to.ts';
import { subjectsOf } from './conditions/subjects.ts';
import { pricedColumn as column } from './priced-columns.ts';
import type { StoredRowRule } from './terms.ts';

/**
 * The relation of rows with back-outs that an earlier rule of another type kept from acting, one row per back-out: the
 * columns of `priced` and `x_ShadowedNumber`. Undefined where the order of the rules leaves none to be shadowed.
 *
 * Which rows at all is asked by one flat CASE, since there are few: one scan per back-out took 49 s for a hundred of them
 * over half a million rows.
 */
export function shadowedBackOuts(rules: readonly StoredRowRule[]): Sql | undefined {
  const shadowable = rules.filter(
    ({ rule }, at) =>
      rule.type === 'back_out' && rules.slice(0, at).some((earlier) => earlier.rule.type !== 'back_out'),
  );
  if (shadowable.length === 0) return undefined;
  const subjects = subjectsOf(shadowable.flatMap(({ rule }) => (rule.filter === undefined ? [] : [rule.filter])));
  const number = column('x_RuleNumber');
  const conditions = shadowable.map(({ order, rule }) => ({
    order,
    when: sql`${number} < ${order} AND ${compileApplicability(rule, subjects)}`,
  }));
  const backOuts = rules.filter(({ rule }) => rule.type === 'back_out').map(({ order }) => sql`${order}`);
  const isShadowed = caseWhen(
    [
      { when: sql`${number} IS NULL OR ${number} IN (${backOuts})`, value: sql`FALSE` },
      ...conditions.map(({ when }) => ({ when, value: sql`TRUE` })),
    ],
    sql`FALSE`,
  );
  const numbers = conditions.map(({ when, order }) => sql`CASE WHEN ${when} THEN ${order} END`);
  return sql`(SELECT subjects.*, ARRAY[${join(numbers, ',\n    ')}] AS x_ShadowedNumbers
  FROM (SELECT ${[sql`priced.*`, ...subjects.computed]} FROM priced) AS subjects
  WHERE ${isShadowed}) AS shadowed
CROSS JOIN UNNEST(x_ShadowedNumbers) AS numbers (x_ShadowedNumber)`;
}
