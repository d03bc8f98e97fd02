import { z } from 'zod';
import { BillingPeriod } from '../domain/billing-period.ts';
import { DeliveryId, IntegrationId } from '../domain/ids.ts';

/** A column as a file delivers it: its own spelling, and its type in DuckDB's words (every column of a text file is VARCHAR). */
export const DeliveredColumn = z.object({ name: z.string(), type: z.string() });
export type DeliveredColumn = z.infer<typeof DeliveredColumn>;

/** A Parquet file that Athena reads for a delivery. */
export const DeliveredFile = z.object({
  /** Where the Parquet is: the landing bucket as delivered, or the lake where it was made of another file. */
  bucket: z.string(),
  key: z.string(),
  /** The Parquet's own ETag (quoted) and size: what must still stand there before and after a statement reads it. */
  etag: z.string(),
  sizeBytes: z.int().nonnegative(),
  /** The delivered object behind it; the same object where `ofText` is false. */
  sourceKey: z.string(),
  sourceEtag: z.string(),
  sourceVersionId: z.string().nullable(),
  rows: z.int().nonnegative(),
  /** True when the worker made the Parquet: every column is VARCHAR, and `x_SourceFile` and `x_SourceRow` are there. */
  ofText: z.boolean(),
});
export type DeliveredFile = z.infer<typeof DeliveredFile>;

/** A sub account that rows of the bill name, after normalisation. Null provider: the bill names none. */
export const SeenSubAccount = z.object({
  id: z.string(),
  name: z.string().nullable(),
  provider: z.string().nullable(),
});
export type SeenSubAccount = z.infer<typeof SeenSubAccount>;

/** A delivery as registered (`LAKE.delivery`): everything SplitBill needs to know of the files, without opening one. */
export const DeliveredBill = z.object({
  deliveryId: DeliveryId,
  integrationId: IntegrationId,
  format: z.enum(['focus']),
  /** The object that announced the delivery, and whether it is a manifest or the one file itself. */
  key: z.string(),
  bare: z.boolean(),
  deliverySeq: z.string(),
  /** Columns of every file alike, as delivered. */
  columns: z.array(DeliveredColumn),
  files: z.array(DeliveredFile),
  /** Rows per billing period as the workers counted them in the files. */
  periods: z.array(z.object({ period: BillingPeriod, rows: z.int().nonnegative() })),
  currencies: z.array(z.string()),
  subAccounts: z.array(SeenSubAccount),
  /** SHA-256 (hex) over the sorted SHA-256 of the delivered files: equal content, equal hash. */
  contentHash: z.string(),
  createdAt: z.iso.datetime(),
});
export type DeliveredBill = z.infer<typeof DeliveredBill>;
