import { z } from 'zod';
import { RunId } from '../../domain/ids.ts';
import { TABLES } from '../../names/tables.ts';
import { SplitFile } from './stored-split.ts';

/** A table whose files belong to owners and are found through published lists. */
export const ResultTable = z.enum([TABLES.customerCharges, TABLES.waterfall, TABLES.costs]);
export type ResultTable = z.infer<typeof ResultTable>;

/** One result file as its worker wrote it. `owner` is a customer id, `unassigned` or `partner`. */
export const ResultFile = z.object({
  table: ResultTable,
  owner: z.string(),
  key: z.string(),
  /** Quoted, as S3 gave it for the upload. */
  etag: z.string(),
  sizeBytes: z.int().nonnegative(),
  /** Hex, of the bytes that were sent. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.int().nonnegative(),
});
export type ResultFile = z.infer<typeof ResultFile>;

/** What a worker says it wrote for one shard (`LAKE.shardList`). Reconcile believes none of it but the names. */
export const ShardList = z.object({
  runId: RunId,
  shard: z.int().nonnegative(),
  attempt: z.string(),
  files: z.array(ResultFile),
  /** The files of the split that were read. */
  sources: z.array(SplitFile).default([]),
});
export type ShardList = z.infer<typeof ShardList>;

/** A worker's answer to its task, all that passes through the state machine. */
export const ShardAnswer = z.object({
  shard: z.int().nonnegative(),
  listKey: z.string(),
  sha256: z.string(),
  rows: z.int().nonnegative(),
});
export type ShardAnswer = z.infer<typeof ShardAnswer>;
