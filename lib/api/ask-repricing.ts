import type { Asks } from '../ports/asks.ts';
import type { PeriodStore } from '../ports/period-store.ts';

/** What a change of configuration needs to have its periods priced again. */
export interface Repricing {
  readonly periods: PeriodStore;
  readonly asks: Asks;
}

/** First and last day that a change can touch (`yyyy-mm-dd`, inclusive); null is unbounded. */
export interface TouchedDays {
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Asks for every (integration, period) that a change can touch, after its transaction. An ask that is lost is found
 * by the 15-minute schedule: the configRevision is what counts.
 */
export async function askRepricing({ periods, asks }: Repricing, days: TouchedDays): Promise<void> {
  const touched = (await periods.list()).filter(
    ({ period }) => (days.from ?? '').slice(0, 7) <= period && (days.to === null || period <= days.to.slice(0, 7)),
  );
  await Promise.all(touched.map(({ integrationId, period }) => asks.splitBill(integrationId, period)));
}
