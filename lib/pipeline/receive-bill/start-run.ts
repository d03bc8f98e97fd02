import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { DeliveryId, IntegrationId } from '../../domain/ids.ts';
import type { Executions } from '../../ports/executions.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';
import { announcementOf } from '../../sources/manifests/announcement.ts';
import { landedObjectOf, ObjectCreatedEvent } from './landed-object.ts';
import { newDelivery, receivedAgain } from './new-delivery.ts';
import { type StartSplitWorld, startSplit } from './start-split.ts';

/** What the consumer of the intake queue reaches outside. */
export interface StartRunWorld extends StartSplitWorld {
  readonly config: Pick<PartnerConfigReader, 'findIntegration' | 'history'>;
  readonly deliveries: Pick<DeliveryStore, 'add' | 'find' | 'update'>;
  readonly executions: Pick<Executions, 'start'>;
}

/** An ask to look at (integration, period); `lib/adapters/sqs/sqs-asks.ts` writes it. */
const SplitBillAsk = z.object({ ask: z.literal('split-bill'), integrationId: IntegrationId, period: BillingPeriod });

/** An ask to receive a delivery once more, after its cause is mended. */
const ReceiveBillAsk = z.object({ ask: z.literal('receive-bill'), deliveryId: DeliveryId, attempt: z.int().min(2) });
type ReceiveBillAsk = z.infer<typeof ReceiveBillAsk>;

const IntakeMessage = z.union([SplitBillAsk, ReceiveBillAsk, ObjectCreatedEvent]);

/** What became of a message, for the log. */
export type StartRunAnswer = { readonly outcome: string; readonly id?: string };

/**
 * Starts what a message of the intake queue calls for: ReceiveBill for an object that announces a bill, SplitBill where
 * what is wanted is ahead of what is published. The same message twice starts nothing twice. A delivery is on record
 * before anything works on it, so that it is seen to fail even where its first step cannot begin.
 */
export const startRun =
  (world: StartRunWorld) =>
  async (message: unknown): Promise<StartRunAnswer> => {
    const intake = IntakeMessage.parse(message);
    if ('ask' in intake && intake.ask === 'receive-bill') return await receiveAgain(world, intake);
    if ('ask' in intake) return await startSplit(world, intake.integrationId, intake.period);
    const object = landedObjectOf(intake);
    if (object === undefined) return { outcome: 'not_in_an_integration' };
    const integration = await world.config.findIntegration(object.integrationId);
    if (announcementOf(object.key, integration?.delivery) === undefined) return { outcome: 'announces_nothing' };
    await world.deliveries.add(newDelivery(object, world.clock.now()));
    const outcome = await world.executions.start('receive-bill', object.deliveryId, object);
    return { outcome, id: object.deliveryId };
  };

/**
 * The attempt is part of the execution's name, so an ask that comes twice starts one. The record is changed first: an
 * execution that fails at once must find it Receiving.
 */
async function receiveAgain(world: StartRunWorld, { deliveryId, attempt }: ReceiveBillAsk): Promise<StartRunAnswer> {
  const delivery = await world.deliveries.find(deliveryId);
  if (delivery?.object === undefined) return { outcome: 'unknown_delivery', id: deliveryId };
  const attempts = delivery.attempts ?? 1;
  if (attempts > attempt) return { outcome: 'exists', id: deliveryId };
  if (attempts < attempt) await world.deliveries.update(deliveryId, receivedAgain(attempt, world.clock.now()));
  const outcome = await world.executions.start('receive-bill', `${deliveryId}-${attempt}`, delivery.object);
  return { outcome, id: deliveryId };
}
