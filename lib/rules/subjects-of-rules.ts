import type { RowRule } from '../domain/billing-rule.ts';
import { ACTS_ON_COLUMNS } from './acts-on.ts';
import { type Subjects, subjectsOf } from './conditions/subjects.ts';

/**
 * What the conditions of rules that change rows read of a row, computed once per row: what their filters compare, and
 * which kind of row it is. 200 conditions that each asked the kind anew were a third of a statement's text.
 */
export function subjectsOfRules(rules: readonly RowRule[]): Subjects {
  const subjects = subjectsOf(rules.flatMap(({ filter }) => (filter === undefined ? [] : [filter])));
  return { ...subjects, computed: [...ACTS_ON_COLUMNS, ...subjects.computed] };
}
