import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { Database } from '../../ports/database.ts';
import type { ObjectInfo, ObjectStore } from '../../ports/object-store.ts';
import type { DeliveredColumn } from '../../sources/delivered-bill.ts';
import { athenaType } from '../../sources/focus/athena-type.ts';
import { usedColumns } from '../../sources/focus/focus-row.ts';
import { UNPACKED_BYTES_FREE, UNPACKED_RATIO_MAX } from '../../sources/limits.ts';
import { requireGzip, requireText } from './check-content.ts';
import { type CountedRows, columnsOf, type LocalParquet } from './describe-file.ts';
import type { FileDescription } from './file-description.ts';
import type { Batch, FrozenFile } from './frozen-list.ts';
import { checkParquet } from './parquet/check-parquet.ts';
import { csvToParquet, parquetAsText } from './text-to-parquet.ts';
import { unpackGzip } from './unpack-gzip.ts';

/** Where a worker converts: its stores, its database, its folder, and a name that no other attempt has. */
export interface Workbench {
  readonly landing: ObjectStore;
  readonly lake: ObjectStore;
  readonly database: Database;
  readonly folder: string;
  readonly uuid: string;
}

/** A file that is unpacked and written as Parquet stands on the disk up to three times, with room for DuckDB's own. */
const DISK_SHARE = 0.3;

/** A delivered file on the worker's disk as Athena will read it; its values have not been looked at. */
export interface PreparedFile {
  readonly frozen: FrozenFile;
  readonly got: FetchedFile;
  readonly local: LocalParquet;
  readonly columns: readonly DeliveredColumn[];
}

/** A delivered object as it was fetched. */
export type FetchedFile = ObjectInfo & { readonly sha256: string };

/** Where the delivered object lies on the worker's disk. */
const deliveredPath = ({ folder }: Workbench, { file }: FrozenFile) => join(folder, `${file}.delivered`);
const madePath = ({ folder }: Workbench, { file }: FrozenFile) => join(folder, `${file}.parquet`);

/** Fetches a delivered file as it was when the list was frozen. Throws Problem `file_changed`, `file_too_large`. */
export async function fetchFile(bench: Workbench, file: FrozenFile): Promise<FetchedFile> {
  const mostBytes = await mostBytesOf(bench.folder);
  if (file.sizeBytes > mostBytes)
    throw new Problem('file_too_large', { file: file.key, sizeBytes: file.sizeBytes, mostBytes });
  const got = await bench.landing.download(file.key, deliveredPath(bench, file), file.versionId ?? undefined);
  if (got === undefined || got.etag !== file.etag) throw new Problem('file_changed', { file: file.key });
  return got;
}

/**
 * Makes Parquet that Athena reads of a fetched file: of a text file, and of Parquet whose types the engines read
 * differently; other Parquet is taken as it is. Throws a Problem for what can never be part of a bill.
 */
export async function prepareFile(bench: Workbench, frozen: FrozenFile, got: FetchedFile): Promise<PreparedFile> {
  const [delivered, made] = [deliveredPath(bench, frozen), madePath(bench, frozen)];
  const mostBytes = await mostBytesOf(bench.folder);
  const prepared = await prepare(bench.database, frozen, { delivered, made, mostBytes });
  if (prepared.ofText) await Promise.all([delivered, `${delivered}.csv`].map((path) => rm(path, { force: true })));
  const { ofText, columns } = prepared;
  return { frozen, got, local: { name: frozen.key, path: ofText ? made : delivered, ofText }, columns };
}

/**
 * Leaves what was made in the lake, and delivered Parquet where it is, or a copy of it in the lake where the source will
 * write over it; says what SplitBill must know of it.
 */
export async function storeFile(
  bench: Workbench,
  batch: Batch,
  { frozen, got, local, columns }: PreparedFile,
  { rows, ...found }: CountedRows,
): Promise<FileDescription> {
  const key = LAKE.convertedFile(batch.deliveryId, bench.uuid, frozen.file);
  const isOurs = local.ofText || batch.overwritten;
  const stored = isOurs ? await bench.lake.upload(key, local.path) : got;
  return {
    file: frozen.file,
    delivered: {
      bucket: isOurs ? bench.lake.bucket : batch.bucket,
      key: stored.key,
      etag: stored.etag,
      sizeBytes: stored.sizeBytes,
      sourceKey: frozen.key,
      sourceEtag: frozen.etag,
      sourceVersionId: frozen.versionId,
      rows,
      ofText: local.ofText,
    },
    sha256: got.sha256,
    columns: [...columns],
    ...found,
  };
}

/** Takes a file and whatever was made of it off the worker's disk. */
export async function clearFile(bench: Workbench, file: FrozenFile): Promise<void> {
  const delivered = deliveredPath(bench, file);
  await Promise.all([delivered, madePath(bench, file), `${delivered}.csv`].map((path) => rm(path, { force: true })));
}

/** Makes `made` of the file where Athena could not read it as it stands; says whether it did, and which columns there are. */
async function prepare(
  database: Database,
  file: FrozenFile,
  { delivered, made, mostBytes }: { delivered: string; made: string; mostBytes: number },
): Promise<Pick<PreparedFile, 'columns'> & { readonly ofText: boolean }> {
  const name = file.key;
  if (file.kind !== 'parquet') {
    const csv = file.kind === 'csv' ? delivered : await unpacked(file, delivered, mostBytes);
    await requireText(name, csv, file.kind !== 'csv');
    return { ofText: true, columns: await csvToParquet(database, { name, csv, parquet: made }) };
  }
  await checkParquet(name, delivered);
  const columns = await columnsOf(database, { name, path: delivered });
  if (usedColumns(columns).every((column: DeliveredColumn) => athenaType(column) !== undefined))
    return { ofText: false, columns };
  return { ofText: true, columns: await parquetAsText(database, { name, delivered, columns, parquet: made }) };
}

async function unpacked({ key: file, sizeBytes }: FrozenFile, delivered: string, diskBytes: number): Promise<string> {
  const csv = `${delivered}.csv`;
  const mostBytes = Math.min(diskBytes, Math.max(UNPACKED_BYTES_FREE, sizeBytes * UNPACKED_RATIO_MAX));
  await requireGzip(file, delivered);
  try {
    const end = await unpackGzip(delivered, csv, mostBytes);
    if (end === 'too_large') throw new Problem('file_too_large', { file, sizeBytes: mostBytes + 1, mostBytes });
    if (end === 'garbage') throw new Problem('file_unreadable', { file, reason: 'there is more behind its end' });
    return csv;
  } catch (error) {
    if (error instanceof Problem || !isBrokenGzip(error)) throw error;
    throw new Problem('file_unreadable', { file, reason: `it is cut off or damaged (${error.code})` });
  }
}

function isBrokenGzip(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^Z_/.test(error.code);
}

async function mostBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.floor(bavail * bsize * DISK_SHARE);
}
