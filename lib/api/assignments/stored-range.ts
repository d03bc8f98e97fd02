import type { OwnedRange, SubAccountOwner } from '../../domain/assignment.ts';
import { type Day, dayAfter } from '../../domain/day.ts';
import { Problem } from '../../domain/problem.ts';

/** First and last day (both inclusive) as stored: half-open. 422 where the last is before the first. */
export function storedRange(owner: SubAccountOwner, from: Day | null, to: Day | null): OwnedRange {
  if (from && to && to < from) throw new Problem('end_before_start', { startDate: from, endDate: to });
  return { owner, from, to: to && dayAfter(to) };
}
