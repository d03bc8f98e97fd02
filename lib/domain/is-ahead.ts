import { type ConfigHistory, historyOfMonth, rowsChangedSince } from './config-history.ts';
import type { PeriodState } from './period-state.ts';

/**
 * True where what is wanted is not what is published: another delivery, or a change of configuration since that can touch
 * what is published. A pinned period is left alone until a newer delivery than those before the pin is wanted; a closed one
 * until the partner asks, and then changes after its closing are not for it.
 */
export function isAhead(state: PeriodState, config: ConfigHistory): boolean {
  const { published, wanted, period } = state;
  if (isPinned(state) || isLeftClosed(state, config)) return false;
  return (
    published === null ||
    published.deliveryId !== wanted.deliveryId ||
    rowsChangedSince(historyOfMonth(config, period), published.configRevision, published)
  );
}

/** True while the partner's own choice of an earlier run stands. */
export function isPinned({ pinned, wanted }: Pick<PeriodState, 'pinned' | 'wanted'>): boolean {
  return pinned !== undefined && pinned !== null && wanted.deliverySeq <= pinned.deliverySeq;
}

/** True of a closed month, but for a delivery that the partner has asked to have it priced again with. */
function isLeftClosed({ integrationId, period, wanted }: PeriodState, { closed }: ConfigHistory): boolean {
  const month = closed?.[period];
  return month !== undefined && month.repriceAsked?.[integrationId] !== wanted.deliverySeq;
}
