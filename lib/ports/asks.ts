import type { BillingPeriod } from '../domain/billing-period.ts';
import type { IntegrationId } from '../domain/ids.ts';

/** Asks for work through the queues; an ask may come twice and is answered once (level-triggered). */
export interface Asks {
  /** Asks the start λ to look at (integration, period). */
  splitBill(integrationId: IntegrationId, period: BillingPeriod): Promise<void>;
  /** Asks PriceAdditions to look at a period. */
  priceAdditions(period: BillingPeriod): Promise<void>;
}
