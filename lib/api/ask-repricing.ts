import type { PeriodState } from '../domain/period-state.ts';
import { type Touched, touchesAdditions, touchesMonth, touchesRows } from '../domain/touched.ts';
import type { Asks } from '../ports/asks.ts';
import type { PeriodStore } from '../ports/period-store.ts';

/** What a change of configuration needs to have its periods priced again. */
export interface Repricing {
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly asks: Asks;
  /** Told of an ask that did not get through; the change itself stands. */
  readonly onLostAsk: (error: unknown) => void;
}

/**
 * Asks for every (integration, period) whose rows a change can touch, after its transaction, and for the additions of the
 * months that it can. The change has happened whether or not an ask gets through: one that is lost is made up for by the
 * 15-minute schedule, since the change is kept with its configRevision.
 */
export async function askRepricing({ periods, asks, onLostAsk }: Repricing, touched: Touched): Promise<void> {
  try {
    const states = await periods.list();
    const split = states.filter((state) => isTouched(state, touched));
    const months = new Set(states.map(({ period }) => period).filter((period) => touchesAdditions(touched, period)));
    await Promise.all([
      ...split.map(({ integrationId, period }) => asks.splitBill(integrationId, period)),
      ...[...months].map((period) => asks.priceAdditions(period)),
    ]);
  } catch (error) {
    onLostAsk(error);
  }
}

/** A bill that could not be published may be helped by the change: of its rows no more is known than the month. */
function isTouched({ period, published }: PeriodState, touched: Touched): boolean {
  return published === null ? touched.rows && touchesMonth(touched, period) : touchesRows(touched, published);
}
