import type { AdditionsPointer } from './additions-pointer.ts';
import type { BillingPeriod } from './billing-period.ts';
import { additionsChangedSince, type ConfigHistory } from './config-history.ts';
import { correctionsIn } from './corrections.ts';
import type { PeriodState } from './period-state.ts';

/**
 * True while a period's additions are not made from what is published now: another run of one of its integrations or of a
 * month that it corrects, or a change of configuration since that can touch them; and while its lists are still those of
 * the pricing before. A period of which nothing is published has no additions to wait for. `states` are those of all
 * periods.
 */
export function isRecomputing(
  pointer: AdditionsPointer | undefined,
  { period, states, config }: { period: BillingPeriod; states: readonly PeriodState[]; config: ConfigHistory },
): boolean {
  const published = publishedIn(states, period);
  if (published.size === 0) return false;
  if (pointer === undefined || pointer.listsOwed || additionsChangedSince(config, pointer.configRevision, period))
    return true;
  if (!isAlike(published, pointer.sources)) return true;
  // What a closed month was closed with is not made anew.
  if (config.closed?.[period]) return false;
  const made = pointer.corrections ?? [];
  const asked = correctionsIn(config, period);
  return (
    asked.length !== made.length ||
    asked.some(({ month, revision }) => {
      const one = made.find((correction) => correction.month === month);
      return one?.revision !== revision || !isAlike(publishedIn(states, month), one.sources);
    })
  );
}

function publishedIn(states: readonly PeriodState[], period: BillingPeriod): ReadonlySet<string> {
  return new Set(
    states.flatMap((state) =>
      state.period === period && state.published ? [`${state.integrationId} ${state.published.runId}`] : [],
    ),
  );
}

function isAlike(published: ReadonlySet<string>, priced: AdditionsPointer['sources']): boolean {
  return (
    published.size === priced.length &&
    priced.every(({ integrationId, runId }) => published.has(`${integrationId} ${runId}`))
  );
}
