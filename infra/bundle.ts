import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FUNCTIONS, type FunctionName } from '../lib/names/functions.ts';
import { buildBundles, PROJECT_FOLDER } from './bundle/build-bundles.ts';
import { Architecture, duckdbPackages } from './bundle/duckdb-packages.ts';
import { isUpToDate, writeFingerprint } from './bundle/fingerprint.ts';
import { zipFunction } from './bundle/zip-function.ts';

const FunctionNames = z.array(z.custom<FunctionName>((name) => typeof name === 'string' && name in FUNCTIONS));

/** Every function there is. */
const ALL = FunctionNames.parse(Object.keys(FUNCTIONS));

/** What to bundle, and where to. */
export interface BundleOptions {
  /** Gets `<function>/index.mjs`. */
  readonly outFolder: string;
  /** All functions when left out. */
  readonly only?: readonly FunctionName[];
}

/**
 * Bundles functions with everything they import but DuckDB's native binding. Those that stand there already, made of
 * the same files, are left as they are. Returns the names of those that were made.
 *
 * @throws Error naming the entry file that is not there, or with esbuild's own words.
 */
export async function bundleFunctions({ outFolder, only = ALL }: BundleOptions): Promise<readonly FunctionName[]> {
  const stale = only.filter((name) => !isUpToDate(outFolder, name));
  if (stale.length === 0) return [];
  const inputs = await buildBundles(outFolder, stale);
  for (const [name, files] of inputs) writeFingerprint(outFolder, name, files);
  return stale;
}

/** `node infra/bundle.ts [--zip] [--architecture arm64|x86_64]`: all functions to `dist/`, ready for upload with --zip. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { zip: { type: 'boolean', default: false }, architecture: { type: 'string', default: 'arm64' } },
  });
  const architecture = Architecture.parse(values.architecture);
  const outFolder = join(PROJECT_FOLDER, 'dist');
  const made = await bundleFunctions({ outFolder });
  console.log(`${made.length} of ${ALL.length} functions bundled, the others are up to date`);
  if (!values.zip) return;
  const packages = duckdbPackages(architecture, join(PROJECT_FOLDER, '.cache'));
  for (const name of ALL) {
    const { zipBytes, unzippedBytes } = zipFunction(outFolder, name, FUNCTIONS[name].duckdb ? packages : []);
    console.log(`${name}.zip ${megabytes(zipBytes)} (${megabytes(unzippedBytes)} unzipped, ${architecture})`);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

if (import.meta.main) await main();
