import type { Delivery } from '../../domain/delivery.ts';
import { explainReason } from '../explain-reason.ts';

/** A stored delivery in the API's shape. */
export function answerDelivery({ deliverySeq: _, ...delivery }: Delivery) {
  return { ...delivery, reason: explainReason(delivery.reason) };
}
