import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../../lib/names/functions.ts';
import { putFile } from './put-file.ts';

/** The project's own folder: entries and what they import are named relative to it. */
export const PROJECT_FOLDER = resolve(import.meta.dirname, '../..');

/** CommonJS packages in the bundle call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE_IN_ESM =
  "import { createRequire as makeRequireOfBundle } from 'node:module'; const require = makeRequireOfBundle(import.meta.url);";

/**
 * Bundles each function into `<outFolder>/<name>/index.mjs`, in one pass over all sources. DuckDB stays outside: its
 * binding is a native file. Returns, per function, the files it was made of, relative to the project.
 *
 * @throws Error naming every entry file that is not there, or with esbuild's own words.
 */
export async function buildBundles(
  outFolder: string,
  names: readonly FunctionName[],
): Promise<ReadonlyMap<FunctionName, readonly string[]>> {
  const missing = names
    .map((name) => FUNCTIONS[name].entry)
    .filter((entry) => !existsSync(join(PROJECT_FOLDER, entry)));
  if (missing.length > 0) throw new Error(`There is no ${missing.join(', no ')}`);
  const { metafile, outputFiles } = await build({
    absWorkingDir: PROJECT_FOLDER,
    entryPoints: names.map((name) => ({ in: FUNCTIONS[name].entry, out: `${name}/index` })),
    outdir: outFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['@duckdb/*'],
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: REQUIRE_IN_ESM },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  for (const { path, contents } of outputFiles) putFile(path, contents);
  return new Map(names.map((name) => [name, reachedFrom(FUNCTIONS[name].entry, metafile)]));
}

/** All files that a change of could change the bundle: also those of which nothing was kept. */
function reachedFrom(entry: string, { inputs }: Metafile): readonly string[] {
  const reached = new Set([entry]);
  for (const file of reached)
    for (const { path, external } of inputs[file]?.imports ?? []) if (external !== true) reached.add(path);
  return [...reached];
}
