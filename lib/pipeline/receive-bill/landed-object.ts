import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DeliveryId, IntegrationId } from '../../domain/ids.ts';
import type { LandedObject } from '../../domain/landed-object.ts';

/** An EventBridge event "Object Created" of S3; keys in it are not URL-encoded (S3 User Guide, "Event message structure"). */
export const ObjectCreatedEvent = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  time: z.iso.datetime(),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.int().nonnegative(),
      etag: z.string(),
      'version-id': z.string().optional(),
      sequencer: z.string(),
    }),
  }),
});
export type ObjectCreatedEvent = z.infer<typeof ObjectCreatedEvent>;

/** The landed object of an event, or `undefined` when it lies in no integration's folder (the first part of its key). */
export function landedObjectOf(event: ObjectCreatedEvent): LandedObject | undefined {
  const { bucket, object } = event.detail;
  const integrationId = IntegrationId.safeParse(object.key.split('/')[0]);
  if (!integrationId.success || !object.key.includes('/')) return undefined;
  const versionId = object['version-id'] ?? null;
  return {
    deliveryId: deliveryIdOf(bucket.name, object.key, versionId ?? `${object.etag}/${object.sequencer}`),
    integrationId: integrationId.data,
    bucket: bucket.name,
    key: object.key,
    versionId,
    etag: object.etag,
    sizeBytes: object.size,
    sequencer: object.sequencer,
    eventTime: event.time,
  };
}

/** The same object version is the same delivery, however often its event comes. */
export function deliveryIdOf(bucket: string, key: string, version: string): DeliveryId {
  const digest = createHash('sha256').update(`${bucket}/${key}/${version}`).digest('hex');
  return DeliveryId.parse(`dlv_${digest.slice(0, 40)}`);
}
