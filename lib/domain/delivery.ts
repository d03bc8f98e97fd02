import { z } from 'zod';
import { BillingPeriod } from './billing-period.ts';
import { DeliveryId, IntegrationId } from './ids.ts';
import { LandedObject } from './landed-object.ts';

/** A problem as stored; its code is parsed leniently so that an old record stays readable. */
export const Reason = z.object({ code: z.string(), details: z.record(z.string(), z.unknown()) });
export type Reason = z.infer<typeof Reason>;

/**
 * Where a delivery stands. `Ignored`: the same content again, or an object that announces nothing. `Superseded`: a good bill
 * that was never wanted, because one made later had come before it, or its files were written over before they were read.
 */
export const DeliveryStatus = z.enum([
  'Receiving',
  'Registered',
  'Ignored',
  'Superseded',
  'Held',
  'Quarantined',
  'Failed',
]);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

/** One delivery of a bill: one manifest with its files, or one bare file. */
export const Delivery = z.object({
  id: DeliveryId,
  integrationId: IntegrationId,
  /** The object that announced it. */
  key: z.string(),
  status: DeliveryStatus,
  /** Sorts deliveries of one integration by the manifest's own time, never by arrival. */
  deliverySeq: z.string().nullable(),
  step: z.string().nullable(),
  /** When each step was entered by the latest try. */
  steps: z.record(z.string(), z.iso.datetime()).optional(),
  /** How often it was received: once, and once more for each time that the partner had it tried again. */
  attempts: z.int().positive().optional(),
  object: LandedObject.optional(),
  receivedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  periods: z.array(BillingPeriod),
  files: z.int().nonnegative(),
  rows: z.int().nonnegative().nullable(),
  reason: Reason.nullable(),
});
export type Delivery = z.infer<typeof Delivery>;
