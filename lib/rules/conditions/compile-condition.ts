import type { Condition } from '../../domain/condition.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import { OPERATORS } from './operators.ts';
import { comparedValues, type Subjects } from './subjects.ts';

/**
 * A filter as SQL over a row that carries its `subjects`. Every leaf is TRUE or FALSE, never NULL, so that `NOT` turns
 * its answer round (`pricing.md` §4).
 */
export function compileCondition(condition: Condition, subjects: Subjects): Sql {
  if ('all' in condition)
    return sql`(${join(
      condition.all.map((part) => compileCondition(part, subjects)),
      ' AND ',
    )})`;
  if ('any' in condition)
    return sql`(${join(
      condition.any.map((part) => compileCondition(part, subjects)),
      ' OR ',
    )})`;
  if ('not' in condition) return sql`(NOT ${compileCondition(condition.not, subjects)})`;
  return OPERATORS[condition.op].compile(subjects.read(condition), comparedValues(condition));
}
