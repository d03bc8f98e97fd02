import type { BillingPeriod } from '../domain/billing-period.ts';
import type { Asks } from '../ports/asks.ts';
import type { PeriodStore } from '../ports/period-store.ts';

/** What a change of configuration needs to have its periods priced again. */
export interface Repricing {
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly asks: Asks;
  /** Told of an ask that did not get through; the change itself stands. */
  readonly onLostAsk: (error: unknown) => void;
}

/** First and last day that a change can touch (`yyyy-mm-dd`, inclusive); null is unbounded. */
export interface TouchedDays {
  readonly from: string | null;
  readonly to: string | null;
}

/** All days there are. */
export const ALL_DAYS: TouchedDays = { from: null, to: null };

/**
 * Asks for every (integration, period) that a change can touch, after its transaction; where it can change what charges
 * add, for the additions of each period too. The change has happened whether or not an ask gets through: one that is
 * lost is made up for by the 15-minute schedule, since the configRevision is what counts.
 */
export async function askRepricing(
  { periods, asks, onLostAsk }: Repricing,
  days: TouchedDays,
  { additions }: { additions: boolean },
): Promise<void> {
  try {
    const touched = (await periods.list()).filter(({ period }) => isTouched(period, days));
    const months = additions ? [...new Set(touched.map(({ period }) => period))] : [];
    await Promise.all([
      ...touched.map(({ integrationId, period }) => asks.splitBill(integrationId, period)),
      ...months.map((period) => asks.priceAdditions(period)),
    ]);
  } catch (error) {
    onLostAsk(error);
  }
}

/** A row of another month in this period's bill is the schedule's affair too. */
function isTouched(period: BillingPeriod, { from, to }: TouchedDays): boolean {
  return (from === null || from.slice(0, 7) <= period) && (to === null || period <= to.slice(0, 7));
}
