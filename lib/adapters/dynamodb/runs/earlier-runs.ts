import { EARLIER_MOST, EarlierRun, type PeriodState } from '../../../domain/period-state.ts';
import { type Retired, retiredWith } from '../../../domain/retired.ts';

/**
 * Holds where no pin stands against a delivery of the sequence `:newSeq`. Part of the pointer's own condition: a run that
 * was at work when the partner went back to an earlier one must not undo that.
 */
export const UNPINNED_FOR =
  '(attribute_not_exists(#pinned) OR attribute_type(#pinned, :noPin) OR #pinned.#deliverySeq < :newSeq)';

/** The runs that can be gone back to once `next` is published: the one published now, then those before it. */
export function earlierWith(state: PeriodState | undefined, next: string): EarlierRun[] {
  return publishedBefore(state, next).slice(0, EARLIER_MOST);
}

/** The runs that cannot be gone back to once `next` is published at `at`, as long as readers may be at their files. */
export function retiredRuns(state: PeriodState | undefined, next: string, at: string): readonly Retired[] {
  const gone = publishedBefore(state, next).slice(EARLIER_MOST);
  const ids = gone.map(({ runId }) => runId);
  return retiredWith({ retired: state?.retired, listsOwed: state?.published?.listsOwed }, ids, at);
}

function publishedBefore(state: PeriodState | undefined, next: string): EarlierRun[] {
  const before = state?.published ? [EarlierRun.parse(state.published), ...(state.earlier ?? [])] : [];
  return before.filter(({ runId }) => runId !== next);
}
