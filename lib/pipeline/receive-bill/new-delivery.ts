import type { Delivery } from '../../domain/delivery.ts';
import type { LandedObject } from '../../domain/landed-object.ts';
import type { ReceiveBillStep } from '../../names/steps.ts';

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
    steps: { [FIRST_STEP]: receivedAt.toISOString() },
    attempts: 1,
    object,
    receivedAt: receivedAt.toISOString(),
    endedAt: null,
    periods: [],
    files: 0,
    rows: null,
    reason: null,
  };
}

/** What changes of a delivery's record when it is received once more: it stands where it stood at first. */
export function receivedAgain(attempt: number, at: Date): Partial<Omit<Delivery, 'id'>> {
  return {
    status: 'Receiving',
    step: FIRST_STEP,
    steps: { [FIRST_STEP]: at.toISOString() },
    attempts: attempt,
    endedAt: null,
    reason: null,
  };
}
