import type { Delivery } from '../../domain/delivery.ts';
import { explainReason } from '../explain-reason.ts';

/** A stored delivery in the API's shape. */
export function answerDelivery({ deliverySeq: _, object: _object, steps = {}, attempts = 1, ...delivery }: Delivery) {
  return { ...delivery, steps, attempts, reason: explainReason(delivery.reason) };
}
