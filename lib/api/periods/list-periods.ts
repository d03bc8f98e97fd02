import type { listPeriods as contract } from '../../contracts/periods/list-periods.ts';
import type { ConfigHistory } from '../../domain/config-history.ts';
import { isAhead, isPinned } from '../../domain/is-ahead.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { UseCase } from '../use-case.ts';

/** Lists every (integration, period) with what it wants and has published. */
export const listPeriods =
  (deps: { periods: PeriodStore; config: Pick<PartnerConfigReader, 'history'> }): UseCase<typeof contract> =>
  async () => {
    const [states, config] = await Promise.all([deps.periods.list(), deps.config.history()]);
    return { body: { configRevision: config.revision, items: states.map((state) => answerPeriod(state, config)) } };
  };

function answerPeriod(state: PeriodState, config: ConfigHistory) {
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
    earlier: earlier.map(({ deliverySeq: _, days: __, ...run }) => run),
    pinnedSince: isPinned(state) ? (state.pinned?.at ?? null) : null,
    closedAt: config.closed?.[period]?.at ?? null,
    upToDate: !isAhead(state, config),
  };
}
