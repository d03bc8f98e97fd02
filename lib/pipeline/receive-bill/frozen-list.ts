import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { DeliveryId, IntegrationId } from '../../domain/ids.ts';

/** One delivered object as it was when the list was frozen; whatever comes under its key later is not part of the delivery. */
export const FrozenFile = z.object({
  /** Its place in the list, from 0. */
  file: z.int().nonnegative(),
  key: z.string(),
  kind: z.enum(['csv', 'csv.gz', 'parquet']),
  etag: z.string(),
  versionId: z.string().nullable(),
  sizeBytes: z.int().nonnegative(),
});
export type FrozenFile = z.infer<typeof FrozenFile>;

/** The files of a delivery, frozen by ReadManifest (`LAKE.frozenList`). */
export const FrozenList = z.object({
  deliveryId: DeliveryId,
  integrationId: IntegrationId,
  format: z.enum(['focus']),
  bucket: z.string(),
  /** The announcing object. */
  key: z.string(),
  bare: z.boolean(),
  deliverySeq: z.string(),
  /** The source writes under the same keys again: its files are copied, version by version, before anybody reads them. */
  overwritten: z.boolean().default(false),
  /** The one period that the delivery's path names, or null: the rows tell. */
  period: BillingPeriod.nullable(),
  files: z.array(FrozenFile),
});
export type FrozenList = z.infer<typeof FrozenList>;

/** One worker's share of a delivery (`LAKE.batch`). */
export const Batch = z.object({
  deliveryId: DeliveryId,
  batch: z.int().nonnegative(),
  bucket: z.string(),
  /** As in the list. */
  overwritten: z.boolean().default(false),
  files: z.array(FrozenFile).min(1),
});
export type Batch = z.infer<typeof Batch>;

/** ConvertFiles is one Map inside one execution's history of 25,000 events: this many batches stay far below. */
const BATCHES_MAX = 200;
/** Files that one worker takes on within its quarter of an hour, while there are batches left. */
const FILES_PER_BATCH = 25;

/** Deals the files into batches, in order: of 25, or larger ones where 200 batches would not do. */
export function batchesOf(files: readonly FrozenFile[]): readonly (readonly FrozenFile[])[] {
  const size = Math.max(FILES_PER_BATCH, Math.ceil(files.length / BATCHES_MAX));
  return Array.from({ length: Math.ceil(files.length / size) }, (_, batch) =>
    files.slice(batch * size, (batch + 1) * size),
  );
}
