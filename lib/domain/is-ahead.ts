import { type ConfigHistory, rowsChangedSince } from './config-history.ts';
import type { PeriodState } from './period-state.ts';

/**
 * True where what is wanted is not what is published: another delivery, or a change of configuration since that can touch
 * what is published. A pinned period is left alone until a newer delivery than those before the pin is wanted.
 */
export function isAhead(state: PeriodState, config: ConfigHistory): boolean {
  const { published, wanted } = state;
  if (isPinned(state)) return false;
  return (
    published === null ||
    published.deliveryId !== wanted.deliveryId ||
    rowsChangedSince(config, published.configRevision, published)
  );
}

/** True while the partner's own choice of an earlier run stands. */
export function isPinned({ pinned, wanted }: Pick<PeriodState, 'pinned' | 'wanted'>): boolean {
  return pinned !== undefined && pinned !== null && wanted.deliverySeq <= pinned.deliverySeq;
}
