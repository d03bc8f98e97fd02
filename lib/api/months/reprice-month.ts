import type { repriceMonth as contract } from '../../contracts/months/reprice-month.ts';
import { Problem } from '../../domain/problem.ts';
import type { Asks } from '../../ports/asks.ts';
import type { ClosingStore } from '../../ports/closing-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { UseCase } from '../use-case.ts';

interface Deps {
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly config: Pick<PartnerConfigReader, 'history'>;
  readonly closings: Pick<ClosingStore, 'askRepricing'>;
  readonly asks: Pick<Asks, 'splitBill'>;
}

/** Lets runs work on a closed month once more, and asks for them. */
export const repriceMonth =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ params: { period } }) => {
    const history = await deps.config.history();
    const closed = history.closed?.[period];
    if (!closed) throw new Problem('month_not_closed', { period });
    const behind = (await deps.periods.list()).filter(
      (state) => state.period === period && state.published?.deliveryId !== state.wanted.deliveryId,
    );
    if (behind.length === 0) throw new Problem('nothing_to_reprice', { period });
    const asked = behind.map(({ integrationId, wanted }) => [integrationId, wanted.deliverySeq] as const);
    await deps.closings.askRepricing(period, { ...closed.repriceAsked, ...Object.fromEntries(asked) });
    await Promise.all(behind.map(({ integrationId }) => deps.asks.splitBill(integrationId, period)));
    return { body: { period, integrationIds: behind.map(({ integrationId }) => integrationId) } };
  };
