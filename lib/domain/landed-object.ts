import { z } from 'zod';
import { DeliveryId, IntegrationId } from './ids.ts';

/** The object that announced a delivery, as its event told: what ReceiveBill starts from. */
export const LandedObject = z.object({
  deliveryId: DeliveryId,
  integrationId: IntegrationId,
  bucket: z.string(),
  key: z.string(),
  /** Null where the bucket keeps no versions. */
  versionId: z.string().nullable(),
  etag: z.string(),
  sizeBytes: z.int().nonnegative(),
  /** S3's order of the events of one key, hexadecimal. */
  sequencer: z.string(),
  eventTime: z.iso.datetime(),
});
export type LandedObject = z.infer<typeof LandedObject>;
