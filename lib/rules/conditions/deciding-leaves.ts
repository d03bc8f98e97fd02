import type { Condition, Leaf } from '../../domain/condition.ts';
import type { DeliveredRow } from '../delivered-row.ts';
import { matchesCondition } from './matches-condition.ts';

/** A test that kept a filter from matching a row. */
export interface DecidingLeaf {
  readonly leaf: Leaf;
  /** It holds of the row, and stands below a `not`. */
  readonly isNegated: boolean;
  /** What the row has there; null where it has nothing. */
  readonly actual: string | null;
}

/** Why a filter does not match a row: every test that would have to come out otherwise, from left to right. */
export function decidingLeaves(condition: Condition, row: DeliveredRow): readonly DecidingLeaf[] {
  if (matchesCondition(condition, row)) return [];
  if ('all' in condition) return condition.all.flatMap((part) => decidingLeaves(part, row));
  if ('any' in condition) return condition.any.flatMap((part) => decidingLeaves(part, row));
  if ('not' in condition) return holdingLeaves(condition.not, row);
  return [{ leaf: condition, isNegated: false, actual: actualOf(condition, row) }];
}

/** Why a filter matches a row. */
function holdingLeaves(condition: Condition, row: DeliveredRow): readonly DecidingLeaf[] {
  if (!matchesCondition(condition, row)) return [];
  if ('all' in condition) return condition.all.flatMap((part) => holdingLeaves(part, row));
  if ('any' in condition) return condition.any.flatMap((part) => holdingLeaves(part, row));
  if ('not' in condition) return decidingLeaves(condition.not, row);
  return [{ leaf: condition, isNegated: true, actual: actualOf(condition, row) }];
}

function actualOf(leaf: Leaf, { text, Tags }: DeliveredRow): string | null {
  if (leaf.field !== 'Tags') return text[leaf.field] ?? null;
  return Tags !== null && Object.hasOwn(Tags, leaf.key) ? (Tags[leaf.key] ?? null) : null;
}
