import type { BillingPeriod } from '../domain/billing-period.ts';
import type { IntegrationId, RunId } from '../domain/ids.ts';
import type { PeriodState } from '../domain/period-state.ts';

/** The partner's own hand on a pointer: back to an earlier run, and free again. */
export interface PinStore {
  /**
   * Moves the pointer from run `from` to an earlier one and pins the period, whatever the order of their deliveries.
   * Returns the state after it; `'moved'` where `from` is not published (any more), or something newer is wanted than
   * the pin says.
   */
  rollBack(
    integrationId: IntegrationId,
    period: BillingPeriod,
    change: {
      from: RunId;
      to: Pick<NonNullable<PeriodState['published']>, 'runId' | 'deliveryId' | 'deliverySeq' | 'configRevision'> & {
        publishedAt: string;
        owners: string[];
      };
      pinned: NonNullable<PeriodState['pinned']>;
    },
  ): Promise<'rolled_back' | 'moved'>;
  /** Takes the pin away; `false` where there is none. */
  unpin(integrationId: IntegrationId, period: BillingPeriod): Promise<boolean>;
}
