import type { Assignment } from '../../domain/assignment.ts';
import { dayBefore } from '../../domain/day.ts';

/** A stored assignment as answered: bounds become first and last day, both inclusive. */
export function answerAssignment({ subAccountId, provider, ranges, version }: Assignment) {
  const owners = ranges.map(({ owner, from, to }) => ({ owner, from, to: to && dayBefore(to) }));
  return { subAccountId, provider, owners, version };
}
