import type { Condition, Leaf } from '../../domain/condition.ts';
import { foldedAsciiCase } from '../../sql/fold-case.ts';
import type { DeliveredRow } from '../delivered-row.ts';
import { OPERATORS } from './operators.ts';
import { comparedValues, ignoresCase } from './subjects.ts';

/** Whether a filter holds of a row in memory: the meaning that the SQL is held to. */
export function matchesCondition(condition: Condition, row: DeliveredRow): boolean {
  if ('all' in condition) return condition.all.every((part) => matchesCondition(part, row));
  if ('any' in condition) return condition.any.some((part) => matchesCondition(part, row));
  if ('not' in condition) return !matchesCondition(condition.not, row);
  return OPERATORS[condition.op].holds(subjectOf(condition, row), comparedValues(condition));
}

function subjectOf(leaf: Leaf, row: DeliveredRow): string | null {
  if (leaf.field === 'Tags') {
    return row.Tags !== null && Object.hasOwn(row.Tags, leaf.key) ? (row.Tags[leaf.key] ?? null) : null;
  }
  const text = row.text[leaf.field] ?? null;
  return text !== null && ignoresCase(leaf) ? foldedAsciiCase(text) : text;
}
