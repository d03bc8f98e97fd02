import type { PeriodState } from './period-state.ts';

/** True where what is wanted is not what is published: another delivery, or a configuration changed since. */
export function isAhead(state: PeriodState, configRevision: number): boolean {
  const { published, wanted } = state;
  return (
    published === null ||
    published.deliverySeq !== wanted.deliverySeq ||
    published.deliveryId !== wanted.deliveryId ||
    published.configRevision < configRevision
  );
}
