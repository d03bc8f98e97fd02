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

const ExportManifest = z.looseObject({ dataFiles: z.array(z.string()) });

/**
 * What is at `--bill`: one file, a folder as AWS Data Exports lays it out, or a folder of data files, which gets a
 * `_manifest.json` that names them all (unless it has one). Exit code 2 where there is nothing to deliver.
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
  if (paths.includes('_manifest.json'))
    return underManifest(bill, data, readFileSync(join(bill, '_manifest.json'), 'utf8'));
  const [only] = data;
  if (only === undefined)
    throw new CommandError(EXIT.badInput, `--bill ${bill}: the folder holds no .csv, .csv.gz or .parquet file.`);
  return data.length === 1 ? oneFile(join(bill, only)) : underManifest(bill, data, JSON.stringify({ files: data }));
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

function underManifest(bill: string, data: readonly string[], manifest: string): BillFiles {
  const announcedBy = keyOf('_manifest.json');
  const files = data.map((path) => ({ key: keyOf(path), path: join(bill, path) }));
  return { delivery: 'files', announcedBy: [announcedBy], files: [...files, { key: announcedBy, text: manifest }] };
}

/** A downloaded export: its manifests name the files where they were, so each name becomes the file's key here. */
function dataExports(bill: string, paths: readonly string[], manifests: readonly string[]): BillFiles {
  const data = paths.filter((path) => DATA_FILE.test(path));
  const announcing = manifests.map((path) => {
    const manifest = ExportManifest.safeParse(JSON.parse(readFileSync(join(bill, path), 'utf8')));
    if (!manifest.success)
      throw new CommandError(
        EXIT.badInput,
        `--bill ${bill}: ${path} has no "dataFiles". Is it a manifest of AWS Data Exports?`,
      );
    const dataFiles = manifest.data.dataFiles.map((uri) => `s3://{landing}/${keyOf(here(uri, data))}`);
    return { key: keyOf(path), text: JSON.stringify({ ...manifest.data, dataFiles }) };
  });
  return {
    delivery: 'data_exports',
    announcedBy: announcing.map(({ key }) => key),
    files: [...data.map((path) => ({ key: keyOf(path), path: join(bill, path) })), ...announcing],
  };
}

/** The file of the folder that a manifest's address ends with; the name itself where there is none, to be refused by name. */
function here(uri: string, data: readonly string[]): string {
  const address = uri.replace(/^s3:\/\/[^/]+\//, '');
  return data.find((path) => address === path || address.endsWith(`/${path}`)) ?? address;
}

function keyOf(path: string): string {
  return `${LOCAL.billIntegration}/${path}`;
}
