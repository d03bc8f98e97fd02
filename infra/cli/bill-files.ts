import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { z } from 'zod';
import { CommandError, EXIT } from './exit-with.ts';
import { LOCAL } from './local-names.ts';

/** A bill as it will be delivered: how its integration delivers, and its objects in the order of writing. */
export interface BillFiles {
  readonly delivery: 'data_exports' | 'files';
  /** Keys of the objects that announce a delivery each. */
  readonly announcedBy: readonly string[];
  readonly files: readonly BillFile[];
}

/** One object to write, from a local file or from text. */
export interface BillFile {
  readonly key: string;
  readonly path?: string;
  readonly text?: string;
}

const DATA_FILE = /\.(?:csv|csv\.gz|parquet)$/i;

/** A manifest of AWS Data Exports in an execution's own folder; the copy one folder higher is for the newest only. */
const EXPORT_MANIFEST = /(?:^|\/)metadata\/BILLING_PERIOD=[^/]+\/[^/]+\/[^/]*Manifest\.json$/;

/** A manifest of our own form; the names in it are relative to it. */
const OWN_MANIFEST = /(?:^|\/)_manifest\.json$/;

const ExportManifest = z.looseObject({ dataFiles: z.array(z.string()) });

/**
 * What is at `--bill`: one file, a folder as AWS Data Exports lays it out, or a folder of data files, which gets a
 * `_manifest.json` that names them all (unless it has its own). Exit code 2 where there is nothing to deliver.
 */
export function billFiles(bill: string): BillFiles {
  const there = statSync(bill, { throwIfNoEntry: false });
  if (!there) throw new CommandError(EXIT.badInput, `--bill ${bill}: there is no such file or folder.`);
  if (!there.isDirectory()) return oneFile(bill);
  const paths = globSync('**/*', { cwd: bill })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => statSync(join(bill, path)).isFile())
    .sort();
  const manifests = paths.filter((path) => EXPORT_MANIFEST.test(path));
  if (manifests.length > 0) return dataExports(bill, paths, manifests);
  const data = paths.filter((path) => DATA_FILE.test(path));
  const own = paths.filter((path) => OWN_MANIFEST.test(path));
  if (own.length > 0)
    return underManifests(
      bill,
      data,
      own.map((path) => announcement(bill, path)),
    );
  const [only] = data;
  if (only === undefined)
    throw new CommandError(EXIT.badInput, `--bill ${bill}: the folder holds no .csv, .csv.gz or .parquet file.`);
  if (data.length === 1) return oneFile(join(bill, only));
  return underManifests(bill, data, [{ key: keyOf('_manifest.json'), text: JSON.stringify({ files: data }) }]);
}

function oneFile(path: string): BillFiles {
  if (!existsSync(path) || !DATA_FILE.test(path))
    throw new CommandError(
      EXIT.badInput,
      `--bill ${path}: give a .csv, .csv.gz or .parquet file, or a folder of them.`,
    );
  const key = keyOf(basename(path));
  return { delivery: 'files', announcedBy: [key], files: [{ key, path }] };
}

function underManifests(bill: string, data: readonly string[], announcing: readonly BillFile[]): BillFiles {
  return {
    delivery: 'files',
    announcedBy: announcing.map(({ key }) => key),
    files: [...data.map((path) => ({ key: keyOf(path), path: join(bill, path) })), ...announcing],
  };
}

function announcement(bill: string, path: string): BillFile {
  return { key: keyOf(path), text: readFileSync(join(bill, path), 'utf8') };
}

/**
 * A downloaded export: its manifests name the files where they were, so each name becomes the file's key here. One that
 * is no manifest goes as it is, to be refused by name.
 */
function dataExports(bill: string, paths: readonly string[], manifests: readonly string[]): BillFiles {
  const data = paths.filter((path) => DATA_FILE.test(path));
  const announcing = manifests.map((path) => {
    const asItIs = announcement(bill, path);
    const manifest = ExportManifest.safeParse(parseJson(asItIs.text));
    if (!manifest.success) return asItIs;
    const dataFiles = manifest.data.dataFiles.map((uri) => `s3://{landing}/${keyOf(here(uri, data))}`);
    return { ...asItIs, text: JSON.stringify({ ...manifest.data, dataFiles }) };
  });
  return { ...underManifests(bill, data, announcing), delivery: 'data_exports' };
}

function parseJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file of the folder that a manifest's address ends with; the name itself where there is none, to be refused by name. */
function here(uri: string, data: readonly string[]): string {
  const address = uri.replace(/^s3:\/\/[^/]+\//, '');
  return data.find((path) => address === path || address.endsWith(`/${path}`)) ?? address;
}

function keyOf(path: string): string {
  return `${LOCAL.billIntegration}/${path}`;
}
