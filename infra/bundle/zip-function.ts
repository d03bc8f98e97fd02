import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import type { FunctionName } from '../../lib/names/functions.ts';
import type { PackageFolder } from './duckdb-packages.ts';

/** Lambda's quotas: code and layers unpacked, and a zip that is uploaded directly. We keep both, though S3 takes more. */
const UNZIPPED_BYTES_MAX = 250 * 1024 * 1024;
const ZIPPED_BYTES_MAX = 50 * 1024 * 1024;

/** The first time a zip can hold, as its local-time fields have it: the same bytes make the same zip anywhere. */
const NO_TIME = new Date(1980, 0, 1);

/** What a zip weighs. */
export interface ZipSize {
  readonly zipBytes: number;
  readonly unzippedBytes: number;
}

/**
 * Zips `<outFolder>/<name>/index.mjs`, and the packages that stayed outside of it, to `<outFolder>/<name>.zip`.
 *
 * @throws Error where Lambda would refuse the zip for its size.
 */
export function zipFunction(outFolder: string, name: FunctionName, packages: readonly PackageFolder[]): ZipSize {
  const files: Record<string, Uint8Array> = { 'index.mjs': readFileSync(join(outFolder, name, 'index.mjs')) };
  for (const { name: packageName, folder } of packages)
    for (const file of filesBelow(folder))
      files[`node_modules/${packageName}/${relative(folder, file)}`] = readFileSync(file);
  const paths = Object.keys(files).sort();
  const entries: Zippable = Object.fromEntries(paths.map((path) => [path, files[path] ?? new Uint8Array()]));
  const zip = zipSync(entries, { mtime: NO_TIME, level: 6 });
  const unzippedBytes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  if (unzippedBytes > UNZIPPED_BYTES_MAX) throw new Error(`${name} has ${unzippedBytes} bytes, more than Lambda takes`);
  if (zip.length > ZIPPED_BYTES_MAX) throw new Error(`${name}.zip has ${zip.length} bytes, more than Lambda takes`);
  writeFileSync(join(outFolder, `${name}.zip`), zip);
  return { zipBytes: zip.length, unzippedBytes };
}

/** What runs, without the text for people and compilers. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.(md|map|d\.ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
