import type { listPeriods as contract } from '../../contracts/periods/list-periods.ts';
import { isAhead, isPinned } from '../../domain/is-ahead.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { UseCase } from '../use-case.ts';

/** Lists every (integration, period) with what it wants and has published. */
export const listPeriods =
  (deps: { periods: PeriodStore; config: Pick<PartnerConfigReader, 'revision'> }): UseCase<typeof contract> =>
  async () => {
    const [states, configRevision] = await Promise.all([deps.periods.list(), deps.config.revision()]);
    return { body: { configRevision, items: states.map((state) => answerPeriod(state, configRevision)) } };
  };

function answerPeriod(state: PeriodState, configRevision: number) {
  const { integrationId, period, wanted, published, earlier = [] } = state;
  return {
    integrationId,
    period,
    wantedDeliveryId: wanted.deliveryId,
    published: published && {
      runId: published.runId,
      deliveryId: published.deliveryId,
      configRevision: published.configRevision,
      publishedAt: published.publishedAt,
    },
    earlier: earlier.map(({ deliverySeq: _, ...run }) => run),
    pinnedSince: isPinned(state) ? (state.pinned?.at ?? null) : null,
    upToDate: !isAhead(state, configRevision),
  };
}
