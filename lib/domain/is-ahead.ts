import type { PeriodState } from './period-state.ts';

/**
 * True where what is wanted is not what is published: another delivery, or a configuration changed since. A pinned period
 * is left alone until a newer delivery than those before the pin is wanted.
 */
export function isAhead(state: PeriodState, configRevision: number): boolean {
  const { published, wanted } = state;
  if (isPinned(state)) return false;
  return (
    published === null ||
    published.deliverySeq !== wanted.deliverySeq ||
    published.deliveryId !== wanted.deliveryId ||
    published.configRevision < configRevision
  );
}

/** True while the partner's own choice of an earlier run stands. */
export function isPinned({ pinned, wanted }: Pick<PeriodState, 'pinned' | 'wanted'>): boolean {
  return pinned !== undefined && pinned !== null && wanted.deliverySeq <= pinned.deliverySeq;
}
