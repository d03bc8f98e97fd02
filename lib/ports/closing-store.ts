import type { BillingPeriod } from '../domain/billing-period.ts';
import type { ClosedMonth } from '../domain/closed-month.ts';

/** Months that the partner closes, kept beside the configRevision: who reads the one reads the other. */
export interface ClosingStore {
  /** `'stale'`: the configuration is another by now; `'closed'`: the month was closed before. Nothing was written then. */
  close(period: BillingPeriod, month: Omit<ClosedMonth, 'repriceAsked'>): Promise<'done' | 'stale' | 'closed'>;
  /** Notes with which deliveries the partner wants a closed month priced again; `false` where it is not closed. */
  askRepricing(period: BillingPeriod, asked: NonNullable<ClosedMonth['repriceAsked']>): Promise<boolean>;
}
