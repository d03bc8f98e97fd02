import type { getDelivery as contract } from '../../contracts/deliveries/get-delivery.ts';
import { Problem } from '../../domain/problem.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';
import type { UseCase } from '../use-case.ts';
import { answerDelivery } from './answer-delivery.ts';

/** Answers one delivery. */
export const getDelivery =
  (deps: { deliveries: DeliveryStore }): UseCase<typeof contract> =>
  async ({ params: { deliveryId } }) => {
    const delivery = await deps.deliveries.find(deliveryId);
    if (!delivery) throw new Problem('not_found', { what: 'delivery', id: deliveryId });
    return { body: answerDelivery(delivery) };
  };
