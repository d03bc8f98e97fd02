import type { DeliveryId } from '../../domain/ids.ts';
import type { ReceiveBillStep } from '../../names/steps.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';

/** Notes in a delivery's record that a step was entered; the first time of an attempt counts. */
export async function enterDeliveryStep(
  { deliveries, clock }: { deliveries: Pick<DeliveryStore, 'find' | 'update'>; clock: Clock },
  id: DeliveryId,
  step: ReceiveBillStep,
): Promise<void> {
  const steps = (await deliveries.find(id))?.steps ?? {};
  await deliveries.update(id, { step, steps: { [step]: clock.now().toISOString(), ...steps } });
}
