import type { unpinPeriod as contract } from '../../contracts/periods/unpin-period.ts';
import { Problem } from '../../domain/problem.ts';
import type { Asks } from '../../ports/asks.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { PinStore } from '../../ports/pin-store.ts';
import type { UseCase } from '../use-case.ts';

/** Takes a pin away and asks for what is wanted; a pin that a newer delivery has overtaken goes too. */
export const unpinPeriod =
  (deps: {
    periods: Pick<PeriodStore, 'find'>;
    pins: Pick<PinStore, 'unpin'>;
    asks: Pick<Asks, 'splitBill'>;
  }): UseCase<typeof contract> =>
  async ({ params: { integrationId, period } }) => {
    if ((await deps.periods.find(integrationId, period)) === undefined)
      throw new Problem('not_found', { what: 'period', id: `${integrationId} ${period}` });
    if (!(await deps.pins.unpin(integrationId, period))) throw new Problem('period_not_pinned', {});
    await deps.asks.splitBill(integrationId, period);
    return { body: { integrationId, period } };
  };
