import { EARLIER_MOST, EarlierRun, type PeriodState } from '../../../domain/period-state.ts';

/**
 * Holds where no pin stands against a delivery of the sequence `:newSeq`. Part of the pointer's own condition: a run that
 * was at work when the partner went back to an earlier one must not undo that.
 */
export const UNPINNED_FOR =
  '(attribute_not_exists(#pinned) OR attribute_type(#pinned, :noPin) OR #pinned.#deliverySeq < :newSeq)';

/** The runs that can be gone back to once `next` is published: the one published now, then those before it. */
export function earlierWith(state: PeriodState | undefined, next: string): EarlierRun[] {
  const before = state?.published ? [EarlierRun.parse(state.published), ...(state.earlier ?? [])] : [];
  return before.filter(({ runId }) => runId !== next).slice(0, EARLIER_MOST);
}
