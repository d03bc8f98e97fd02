import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import type { Machine } from '../../infra/local/machine.ts';
import { publishedRoot } from '../../lib/names/lake-keys.ts';
import type { PublishedTable } from '../../lib/names/tables.ts';
import { parquetRows, type TextRow } from './parquet-rows.ts';

/** Whose rows of which table; one integration's (or `additions`) where `source` is given, one month's where `period` is. */
export interface PublishedPart {
  readonly table: PublishedTable;
  readonly owner: string;
  readonly source?: string;
  readonly period?: string;
}

/** Keys of the Parquet files that published lists name, read from the lists as any reader would. */
export async function publishedKeys(machine: Machine, part: PublishedPart): Promise<string[]> {
  const { table, owner, source, period } = part;
  const lake = lakeOf(machine);
  const lists = (await lake.list(`${publishedRoot(table)}customer=${owner}/`))
    .map(({ key }) => key)
    .filter((key) => source === undefined || key.endsWith(`/${source}.txt`))
    .filter((key) => period === undefined || key.includes(`/period=${period}/`));
  const texts = await Promise.all(lists.map(async (key) => (await lake.readText(key))?.text ?? ''));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '')
    .map((line) => line.replace(`s3://${lake.bucket}/`, ''));
}

/** The rows of those files. */
export async function publishedRowsOf(machine: Machine, part: PublishedPart): Promise<TextRow[]> {
  return await rowsOfKeys(machine, await publishedKeys(machine, part));
}

/** The rows of Parquet files of the lake. */
export async function rowsOfKeys(machine: Machine, keys: readonly string[]): Promise<TextRow[]> {
  const lake = lakeOf(machine);
  const folder = await mkdtemp(join(tmpdir(), 'apportion-rows-'));
  try {
    const paths = keys.map((_, index) => join(folder, `${index}.parquet`));
    for (const [index, key] of keys.entries())
      if ((await lake.download(key, paths[index] ?? '')) === undefined)
        throw new Error(`${key} is named and not there`);
    return await parquetRows(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
