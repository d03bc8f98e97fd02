import type { Condition, Leaf } from '../../domain/condition.ts';

/** One leaf of a filter, and whether it stands below a `not`. */
export interface FoundLeaf {
  readonly leaf: Leaf;
  readonly isNegated: boolean;
}

/** Every leaf of a filter, from left to right. */
export function leavesOf(condition: Condition, isNegated = false): readonly FoundLeaf[] {
  if ('all' in condition) return condition.all.flatMap((part) => leavesOf(part, isNegated));
  if ('any' in condition) return condition.any.flatMap((part) => leavesOf(part, isNegated));
  if ('not' in condition) return leavesOf(condition.not, true);
  return [{ leaf: condition, isNegated }];
}
