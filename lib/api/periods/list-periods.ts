import type { listPeriods as contract } from '../../contracts/periods/list-periods.ts';
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

function answerPeriod({ integrationId, period, wanted, published }: PeriodState, configRevision: number) {
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
    upToDate: published?.deliverySeq === wanted.deliverySeq && published.configRevision >= configRevision,
  };
}
