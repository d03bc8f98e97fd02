import type { OwnedRange, SubAccountOwner } from '../../domain/assignment.ts';
import { type Day, dayAfter, dayBefore } from '../../domain/day.ts';
import { Problem } from '../../domain/problem.ts';

/** First and last day (both inclusive) as stored: half-open. 422 where the last is before the first. */
export function storedRange(owner: SubAccountOwner, from: Day | null, to: Day | null): OwnedRange {
  if (from && to && to < from) throw new Problem('end_before_start', { startDate: from, endDate: to });
  return { owner, from, to: to && dayAfter(to) };
}

/** A stored range as answered: first and last day, both inclusive. */
export function answeredRange({ owner, from, to }: OwnedRange) {
  return { owner, from, to: to && dayBefore(to) };
}

/** The refusal of days on which the sub account has another owner. */
export function linkedElsewhere(subAccountId: string, range: OwnedRange): Problem {
  return new Problem('subaccount_linked_elsewhere', { subAccountId, ...answeredRange(range) });
}
