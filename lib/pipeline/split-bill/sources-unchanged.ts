import { Problem } from '../../domain/problem.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { DeliveredBill } from '../../sources/delivered-bill.ts';
import { inParallel } from '../in-parallel.ts';

const HEADS_AT_ONCE = 16;

/**
 * Throws `file_changed` where a Parquet file that Athena reads is not the one that was registered, or is gone: a
 * statement names keys, never versions, so only this tells what it has read.
 */
export async function requireUnchanged(
  bill: Pick<DeliveredBill, 'files'>,
  stores: readonly Pick<ObjectStore, 'bucket' | 'head'>[],
): Promise<void> {
  await inParallel(bill.files, HEADS_AT_ONCE, async (file) => {
    const store = stores.find(({ bucket }) => bucket === file.bucket);
    if (store === undefined) throw new Error(`${file.bucket} is no bucket of this deployment`);
    const now = await store.head(file.key);
    if (now?.etag !== file.etag) throw new Problem('file_changed', { file: file.key });
  });
}
