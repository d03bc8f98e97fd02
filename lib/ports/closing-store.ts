import type { BillingPeriod } from '../domain/billing-period.ts';
import type { AskedCorrection, ClosedMonth } from '../domain/closed-month.ts';

/** Months that the partner closes, kept beside the configRevision: who reads the one reads the other. */
export interface ClosingStore {
  /** `'stale'`: the configuration is another by now; `'closed'`: the month was closed before. Nothing was written then. */
  close(
    period: BillingPeriod,
    month: Omit<ClosedMonth, 'repriceAsked' | 'corrections'>,
  ): Promise<'done' | 'stale' | 'closed'>;
  /** Notes with which deliveries the partner wants a closed month priced again; `false` where it is not closed. */
  askRepricing(period: BillingPeriod, asked: NonNullable<ClosedMonth['repriceAsked']>): Promise<boolean>;
  /**
   * Notes that an open month carries the corrections of a closed one, in place of what it carried of it before; that is a
   * change of the configuration which touches the open month's additions. `'stale'`: the configuration is not that of
   * `revision` any more, or one of the months is closed or open where it was not. Nothing was written then.
   */
  correct(
    month: BillingPeriod,
    correction: { in: BillingPeriod; revision: number; asked: AskedCorrection },
  ): Promise<'done' | 'stale'>;
}
