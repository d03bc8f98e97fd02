import { readdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { publishedRoot } from '../../lib/names/lake-keys.ts';
import { type PublishedTable, TABLES, UNASSIGNED } from '../../lib/names/tables.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { CommandError, EXIT } from './exit-with.ts';
import type { Summary } from './figures/summary.ts';

/** Refuses an output folder that holds something already (exit code 2). */
export function requireEmpty(out: string): void {
  const there = statSync(out, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory())
    throw new CommandError(EXIT.badInput, `--out ${out}: this is a file. Give a folder that is empty or absent.`);
  if (readdirSync(out).length > 0)
    throw new CommandError(EXIT.badInput, `--out ${out}: the folder is not empty. Give one that is empty or absent.`);
}

/**
 * Writes the summary and every published file below `out`, whole or not at all: all of it goes into a folder beside it,
 * which takes its name at the end. `folders` holds each customer's folder by its id.
 */
export async function writeOutput(
  { out, lake }: { out: string; lake: ObjectStore },
  summary: Summary,
  folders: ReadonlyMap<string, string>,
): Promise<void> {
  const target = resolve(out);
  const unfinished = join(dirname(target), `.${basename(target)}-${process.pid}`);
  try {
    await mkdir(unfinished, { recursive: true });
    for (const [customerId, folder] of folders)
      await download(lake, TABLES.customerCharges, customerId, join(unfinished, folder));
    await download(lake, TABLES.costs, UNASSIGNED, join(unfinished, 'partner/unassigned'));
    for (const [customerId] of folders)
      await download(lake, TABLES.waterfall, customerId, join(unfinished, 'partner/waterfall'), `${customerId}-`);
    await writeFile(join(unfinished, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** The files that an owner's published lists of one table name, numbered in the lists' order. */
async function download(
  lake: ObjectStore,
  table: PublishedTable,
  owner: string,
  folder: string,
  prefix = '',
): Promise<void> {
  await mkdir(folder, { recursive: true });
  let number = 0;
  for (const { key } of await lake.list(`${publishedRoot(table)}customer=${owner}/`)) {
    const period = /\/period=([^/]+)\//.exec(key)?.[1] ?? 'period';
    const list = await lake.readText(key);
    for (const line of (list?.text ?? '').split('\n').filter((one) => one !== '')) {
      const name = `${prefix}${period}-${String(number++).padStart(4, '0')}.parquet`;
      await lake.download(line.replace(/^s3:\/\/[^/]+\//, ''), join(folder, name));
    }
  }
}
