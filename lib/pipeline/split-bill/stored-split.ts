import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DeliveryId, RunId } from '../../domain/ids.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { inParallel } from '../in-parallel.ts';
import type { PlannedOwners } from './owner-lines.ts';

/** A file of a split as a worker has read it. */
export const SplitFile = z.object({
  shard: z.int().nonnegative(),
  key: z.string(),
  /** Quoted, as S3 gives it. */
  etag: z.string(),
});
export type SplitFile = z.infer<typeof SplitFile>;

/** The split that a run was priced from (`LAKE.storedSplit`): a later run of the same delivery and owners starts from it. */
export const StoredSplit = z.object({
  /** The run that made the split, and the attempt of it that was accepted: where the files lie. */
  runId: RunId,
  attempt: z.string(),
  deliveryId: DeliveryId,
  /** SHA-256 (hex) over who owns what and in which shard. */
  ownersHash: z.string(),
  files: z.array(SplitFile),
});
export type StoredSplit = z.infer<typeof StoredSplit>;

const HEADS_AT_ONCE = 16;

/** What two plans have alike whose splits are alike. */
export function ownersHash({ lines, unassignedShard }: PlannedOwners): string {
  const text = JSON.stringify([lines, unassignedShard]);
  return createHash('sha256').update(text).digest('hex');
}

/** The split that run `priced` left, if it is of this delivery and these owners and every file is still the one it was. */
export async function findStoredSplit(
  lake: Pick<ObjectStore, 'readText' | 'head'>,
  priced: RunId,
  wanted: Pick<StoredSplit, 'deliveryId' | 'ownersHash'>,
): Promise<StoredSplit | undefined> {
  const found = await lake.readText(LAKE.storedSplit(priced));
  if (found === undefined) return undefined;
  const split = StoredSplit.parse(JSON.parse(found.text));
  if (split.deliveryId !== wanted.deliveryId || split.ownersHash !== wanted.ownersHash) return undefined;
  const heads = await inParallel(split.files, HEADS_AT_ONCE, ({ key }) => lake.head(key));
  return split.files.every(({ etag }, place) => heads[place]?.etag === etag) ? split : undefined;
}
