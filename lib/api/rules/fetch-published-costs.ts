import { join } from 'node:path';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { IntegrationId } from '../../domain/ids.ts';
import { LAKE } from '../../names/lake-keys.ts';
import { TABLES } from '../../names/tables.ts';
import { inParallel } from '../../pipeline/in-parallel.ts';
import type { ObjectStore } from '../../ports/object-store.ts';

/** A file of delivered rows on the local disk, all of one owner. */
export interface CostsFile {
  /** A customer's id, `unassigned` or `partner`. */
  readonly owner: string;
  readonly path: string;
}

const TRANSFERS_AT_ONCE = 16;

/**
 * Fetches the cost ledgers that are published for these owners in one integration's period. A file that is gone
 * belongs to a publication that was replaced meanwhile: the lists are read again, once.
 */
export async function fetchPublishedCosts(
  lake: Pick<ObjectStore, 'bucket' | 'readText' | 'download'>,
  of: { integrationId: IntegrationId; period: BillingPeriod; owners: readonly string[] },
  folder: string,
): Promise<readonly CostsFile[]> {
  const files = (await fetchOnce(lake, of, folder)) ?? (await fetchOnce(lake, of, folder));
  if (files === undefined) throw new Error(`files of ${of.integrationId} ${of.period} vanish while they are read`);
  return files;
}

async function fetchOnce(
  lake: Pick<ObjectStore, 'bucket' | 'readText' | 'download'>,
  { integrationId, period, owners }: Parameters<typeof fetchPublishedCosts>[1],
  folder: string,
): Promise<readonly CostsFile[] | undefined> {
  const lists = await inParallel(owners, TRANSFERS_AT_ONCE, async (owner) => {
    const list = await lake.readText(LAKE.publishedList(TABLES.costs, owner, period, integrationId));
    return keysOf(list?.text ?? '', lake.bucket).map((key) => ({ owner, key }));
  });
  const fetched = await inParallel([...lists.flat().entries()], TRANSFERS_AT_ONCE, async ([place, { owner, key }]) => {
    const path = join(folder, `${integrationId}-${place}.parquet`);
    return (await lake.download(key, path)) === undefined ? undefined : { owner, path };
  });
  const files = fetched.filter((file) => file !== undefined);
  return files.length === fetched.length ? files : undefined;
}

function keysOf(list: string, bucket: string): string[] {
  const start = `s3://${bucket}/`;
  return list.split('\n').flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));
}
