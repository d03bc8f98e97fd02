import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { deflateSync, Zip, ZipPassThrough } from 'fflate';
import type { FunctionName } from '../../lib/names/functions.ts';
import type { PackageFolder } from './duckdb-packages.ts';

/** Lambda's quotas: code and layers unpacked, and a zip that is uploaded directly. We keep both, though S3 takes more. */
const UNZIPPED_BYTES_MAX = 250 * 1024 * 1024;
const ZIPPED_BYTES_MAX = 50 * 1024 * 1024;

/** The first time a zip can hold, as its local-time fields have it: the same bytes make the same zip anywhere. */
const NO_TIME = new Date(1980, 0, 1);

/** Deflate's number in a zip (APPNOTE.txt, section 4.4.5). */
const DEFLATED = 8;

/** What a zip weighs. */
export interface ZipSize {
  readonly zipBytes: number;
  readonly unzippedBytes: number;
}

/** A file with its content as it stands in a zip. */
interface ZippedFile {
  readonly bytes: Uint8Array;
  readonly deflated: Uint8Array<ArrayBuffer>;
}

/** Files of packages by path: DuckDB's library takes seconds to compress, and six functions carry it. */
const zippedFiles = new Map<string, ZippedFile>();

/** An entry of a zip whose content was compressed before. */
class DeflatedEntry extends ZipPassThrough {
  readonly #deflated: Uint8Array<ArrayBuffer>;

  constructor(path: string, { deflated }: ZippedFile) {
    super(path);
    this.compression = DEFLATED;
    this.mtime = NO_TIME;
    this.#deflated = deflated;
  }

  /** Called with the content as it is, once its size and checksum are counted. */
  protected override process(_chunk: Uint8Array, final: boolean): void {
    this.ondata(null, this.#deflated, final);
  }
}

/**
 * Zips `<outFolder>/<name>/index.mjs`, and the packages that stayed outside of it, to `<outFolder>/<name>.zip`.
 *
 * @throws Error where Lambda would refuse the zip for its size.
 */
export function zipFunction(outFolder: string, name: FunctionName, packages: readonly PackageFolder[]): ZipSize {
  const files: Record<string, ZippedFile> = { 'index.mjs': zippedFile(join(outFolder, name, 'index.mjs')) };
  for (const { name: packageName, folder } of packages)
    for (const file of filesBelow(folder)) {
      const zipped = zippedFiles.get(file) ?? zippedFile(file);
      zippedFiles.set(file, zipped);
      files[`node_modules/${packageName}/${relative(folder, file)}`] = zipped;
    }
  const zip = zipOf(files);
  const unzippedBytes = Object.values(files).reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (unzippedBytes > UNZIPPED_BYTES_MAX) throw new Error(`${name} has ${unzippedBytes} bytes, more than Lambda takes`);
  if (zip.length > ZIPPED_BYTES_MAX) throw new Error(`${name}.zip has ${zip.length} bytes, more than Lambda takes`);
  writeFileSync(join(outFolder, `${name}.zip`), zip);
  return { zipBytes: zip.length, unzippedBytes };
}

function zippedFile(path: string): ZippedFile {
  const bytes = readFileSync(path);
  return { bytes, deflated: deflateSync(bytes, { level: 6 }) };
}

function zipOf(files: Readonly<Record<string, ZippedFile>>): Buffer {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const [path, file] of Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const entry = new DeflatedEntry(path, file);
    zip.add(entry);
    entry.push(file.bytes, true);
  }
  zip.end();
  return Buffer.concat(chunks);
}

/** What runs, without the text for people and compilers. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.(md|map|d\.ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
