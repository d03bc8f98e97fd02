import { join as joinPath } from 'node:path';
import type { ObjectStore } from '../../ports/object-store.ts';
import { inParallel } from '../in-parallel.ts';
import type { Publication } from '../split-bill/publication.ts';

/** A result file of a published run on the worker's own disk. */
export interface LocalFile {
  readonly owner: string;
  readonly path: string;
}

const TRANSFERS_AT_ONCE = 8;

/** Fetches the files of one table that a publication lists. Throws where one is gone. */
export async function fetchResultFiles(
  lake: Pick<ObjectStore, 'download'>,
  lists: Publication['lists'],
  { table, folder }: { table: Publication['lists'][number]['table']; folder: string },
): Promise<readonly LocalFile[]> {
  const files = lists
    .filter((list) => list.table === table)
    .flatMap(({ owner, keys }) => keys.map((key) => ({ owner, key })));
  return await inParallel([...files.entries()], TRANSFERS_AT_ONCE, async ([place, { owner, key }]) => {
    const path = joinPath(folder, `${table}-${place}.parquet`);
    if ((await lake.download(key, path)) === undefined) throw new Error(`${key} is gone`);
    return { owner, path };
  });
}
