import { z } from 'zod';
import { DeliveryId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { DeliveryAnswer } from './delivery.ts';

/** One delivery: status, step, counts, and the reason when it was refused. */
export const getDelivery = contract({
  operationId: 'getDelivery',
  method: 'GET',
  path: '/v1/deliveries/{deliveryId}',
  tag: 'Deliveries and runs',
  summary: 'Get a delivery',
  roles: ['partner'],
  params: z.object({ deliveryId: DeliveryId.meta({ description: 'The delivery’s id.' }) }),
  status: 200,
  answer: DeliveryAnswer,
  problems: ['not_found'],
});
