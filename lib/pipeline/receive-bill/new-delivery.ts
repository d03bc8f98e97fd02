import type { Delivery } from '../../domain/delivery.ts';
import type { ReceiveBillStep } from '../../names/steps.ts';
import type { LandedObject } from './landed-object.ts';

const FIRST_STEP: ReceiveBillStep = 'ReadManifest';

/** The record of a delivery of which nothing is known but the object that announced it. */
export function newDelivery(object: LandedObject, receivedAt: Date): Delivery {
  return {
    id: object.deliveryId,
    integrationId: object.integrationId,
    key: object.key,
    status: 'Receiving',
    deliverySeq: null,
    step: FIRST_STEP,
    receivedAt: receivedAt.toISOString(),
    endedAt: null,
    periods: [],
    files: 0,
    rows: null,
    reason: null,
  };
}
