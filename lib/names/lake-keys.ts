import type { PublishedTable } from './tables.ts';

/**
 * The layout of the lake bucket, written down once. All keys are relative to the bucket. Ids (`deliveryId`, `runId`,
 * `customer`) are ours and safe in a key; `period` is `yyyy-mm`; `uuid` is fresh for each invocation, so two attempts
 * never write to one place.
 */
export const LAKE = {
  /** Frozen list of a delivery as read from its manifest (JSON, can be megabytes). */
  frozenList: (deliveryId: string) => `deliveries/${deliveryId}/frozen.json`,
  /** One batch's task, and the answer of the worker that did it. */
  batch: (deliveryId: string, batch: number) => `deliveries/${deliveryId}/batches/${batch}.json`,
  batchAnswer: (deliveryId: string, uuid: string) => `deliveries/${deliveryId}/answers/${uuid}.json`,
  /** Parquet made of one text file, or a copy of one that its source writes over; `file` is its number in the frozen list. */
  convertedFile: (deliveryId: string, uuid: string, file: number) =>
    `deliveries/${deliveryId}/text/${uuid}/${String(file).padStart(5, '0')}.parquet`,
  /** The delivery as registered: columns, files with counts, periods, sub accounts seen. */
  delivery: (deliveryId: string) => `deliveries/${deliveryId}/delivery.json`,
  /** Folder of the symlink file that names the delivery's Parquet files; location of the per-run delivered table. */
  deliveredList: (runId: string) => `runs/${runId}/delivered/files.txt`,
  deliveredLocation: (runId: string) => `runs/${runId}/delivered/`,
  owners: (runId: string) => `runs/${runId}/owners/owners.json`,
  ownersLocation: (runId: string) => `runs/${runId}/owners/`,
  plan: (runId: string) => `runs/${runId}/plan.json`,
  /** The control totals as MeasureBill found them: what Reconcile holds the written files against. */
  totals: (runId: string) => `runs/${runId}/totals.json`,
  /** Per table and owner, the reconciled files that Publish lists. */
  publication: (runId: string) => `runs/${runId}/publication.json`,
  /** Where an attempt of SplitByShard writes; below it `shard=<n>/`. */
  splitLocation: (runId: string, attempt: string) => `runs/${runId}/split/${attempt}/`,
  splitShardLocation: (runId: string, attempt: string, shard: number) =>
    `runs/${runId}/split/${attempt}/shard=${shard}/`,
  /** The split that a run was priced from, its own or an earlier run's, with the ETags of its files. */
  storedSplit: (runId: string) => `runs/${runId}/split.json`,
  /** A worker's list of the files it wrote for one shard. */
  shardList: (runId: string, uuid: string) => `runs/${runId}/lists/${uuid}.json`,
  /** The reconciled figures of a run, in the shape of the split command's `runs[]` entries. */
  summary: (runId: string) => `runs/${runId}/summary.json`,
  /** Result files: the customer ledger under the customer's own prefix, the rest under the partner's. */
  chargesFile: (customer: string, period: string, uuid: string, file: number) =>
    `results/customer=${customer}/period=${period}/${uuid}/${file}.parquet`,
  waterfallFile: (customer: string, period: string, uuid: string, file: number) =>
    `partner/waterfall/customer=${customer}/period=${period}/${uuid}/${file}.parquet`,
  costsFile: (customer: string, period: string, uuid: string, file: number) =>
    `partner/costs/customer=${customer}/period=${period}/${uuid}/${file}.parquet`,
  /** One small file with one `s3://` line per Parquet file; `source` is an integration id or `additions`. */
  publishedList: (table: PublishedTable, customer: string, period: string, source: string) =>
    `${publishedRoot(table)}customer=${customer}/period=${period}/${source}.txt`,
  publishedPrefix: (table: PublishedTable, customer: string) => `${publishedRoot(table)}customer=${customer}/`,
  /** The additions of one period as priced: figures and the pointers they were read from. */
  additionsSummary: (period: string, uuid: string) => `additions/${period}/${uuid}/summary.json`,
  /** What a month was closed with. */
  frozenConfig: (period: string, uuid: string) => `frozen/${period}/${uuid}.json`,
  /** A preview that was made as a job: how far it is, then what came of it. */
  previews: 'previews/',
  preview: (previewId: string) => `previews/${previewId}.json`,
  athenaResults: 'athena/',
  /** Answers to queries that the API asks as one customer; apart from the pipeline's, which hold every customer's rows. */
  customerAthenaResults: 'athena-customers/',
} as const;

/** Root of a table's lists; customers' under `published/`, the partner's own under `partner/published/`. */
export function publishedRoot(table: PublishedTable): string {
  return table === 'customer_charges' ? 'published/customer_charges/' : `partner/published/${table}/`;
}
