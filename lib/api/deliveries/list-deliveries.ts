import type { listDeliveries as contract } from '../../contracts/deliveries/list-deliveries.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';
import { answerPage } from '../answer-page.ts';
import type { UseCase } from '../use-case.ts';
import { answerDelivery } from './answer-delivery.ts';

/** Lists deliveries, newest first. */
export const listDeliveries =
  (deps: { deliveries: DeliveryStore }): UseCase<typeof contract> =>
  async ({ query }) => ({ body: answerPage(await deps.deliveries.list(query), answerDelivery) });
