import type { BillingPeriod } from '../domain/billing-period.ts';
import type { DeliveryId, IntegrationId, PreviewId } from '../domain/ids.ts';

/** Asks for work through the queues; an ask may come twice and is answered once (level-triggered). */
export interface Asks {
  /** Asks the start λ to look at (integration, period). */
  splitBill(integrationId: IntegrationId, period: BillingPeriod): Promise<void>;
  /** Asks PriceAdditions to look at a period. */
  priceAdditions(period: BillingPeriod): Promise<void>;
}

/** Asks that only people make, through the API. */
export interface OperatorAsks {
  /** Asks for the published lists of (integration, period) to be brought to its pointer. */
  writeLists(integrationId: IntegrationId, period: BillingPeriod): Promise<void>;
  /** Asks the start λ to receive a delivery once more; the same try asked for twice is started once. */
  receiveAgain(deliveryId: DeliveryId, attempt: number): Promise<void>;
}

/** Asks for previews that a request has no time for. */
export interface PreviewAsks {
  preview(previewId: PreviewId): Promise<void>;
}
