import type { AdditionsPointer } from './additions-pointer.ts';
import { additionsChangedSince, type ConfigHistory } from './config-history.ts';
import type { PeriodState } from './period-state.ts';

/**
 * True while a period's additions are not made from what is published now: another run of one of its integrations, or a
 * change of configuration since that can touch them; and while its lists are still those of the pricing before. A period of
 * which nothing is published has no additions to wait for.
 */
export function isRecomputing(
  pointer: AdditionsPointer | undefined,
  states: readonly PeriodState[],
  config: ConfigHistory,
): boolean {
  const published = states.flatMap((state) =>
    state.published ? [`${state.integrationId} ${state.published.runId}`] : [],
  );
  if (published.length === 0) return false;
  if (
    pointer === undefined ||
    pointer.listsOwed ||
    additionsChangedSince(config, pointer.configRevision, pointer.period)
  )
    return true;
  const priced = new Set(pointer.sources.map(({ integrationId, runId }) => `${integrationId} ${runId}`));
  return published.length !== priced.size || !published.every((source) => priced.has(source));
}
