import type { Assignment } from '../../domain/assignment.ts';
import { answeredRange } from './stored-range.ts';

/** A stored assignment as answered. */
export function answerAssignment({ subAccountId, provider, ranges, version }: Assignment) {
  return { subAccountId, provider, owners: ranges.map(answeredRange), version };
}
