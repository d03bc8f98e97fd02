import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { DeliveryId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';

/** What releasing a delivery sets in motion. */
export const ReleaseAction = z.enum(['wanted', 'received_again', 'run_again']);

/** Says of a held delivery that it is the period's bill now, or has one tried again whose cause is mended. */
export const releaseDelivery = contract({
  operationId: 'releaseDelivery',
  method: 'POST',
  path: '/v1/deliveries/{deliveryId}/release',
  tag: 'Deliveries and runs',
  summary: 'Release a delivery',
  description:
    '`Held` (a second bare file): it replaces the other from now on (`wanted`). `Quarantined` or `Failed`: it is ' +
    'received once more, as it is in the landing bucket (`received_again`). `Registered`, and its run is ' +
    '`Quarantined` or `Failed`: a new run (`run_again`).',
  roles: ['partner'],
  params: z.object({ deliveryId: DeliveryId.meta({ description: 'The delivery’s id.' }) }),
  status: 202,
  answer: z
    .object({ deliveryId: DeliveryId, action: ReleaseAction, periods: z.array(BillingPeriod) })
    .meta({ id: 'DeliveryReleased' }),
  problems: ['not_found', 'nothing_to_release', 'newer_delivery_wanted'],
});
