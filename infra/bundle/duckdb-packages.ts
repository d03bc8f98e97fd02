import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_FOLDER } from './build-bundles.ts';

/** A processor that Lambda runs on. */
export const Architecture = z.enum(['arm64', 'x86_64']);
export type Architecture = z.infer<typeof Architecture>;

/** As Node and npm call it. */
const CPUS: Readonly<Record<Architecture, string>> = { arm64: 'arm64', x86_64: 'x64' };

const NODE_API = '@duckdb/node-api';
const NODE_BINDINGS = '@duckdb/node-bindings';
/** Files without which the binding does not load: the addon and the library it links to. */
const NATIVE_FILES = ['duckdb.node', 'libduckdb.so'];

/** Processors as ELF numbers them: EM_AARCH64, EM_X86_64. */
const ELF_MACHINES: Readonly<Record<Architecture, number>> = { arm64: 0xb7, x86_64: 0x3e };

/** A package and the folder it lies in. */
export interface PackageFolder {
  readonly name: string;
  readonly folder: string;
}

/**
 * The packages a DuckDB function carries: the API, the binding's loader, what tells glibc from musl, and the binding
 * for this processor (Lambda is glibc). One that is not installed here, for npm installs its own machine's only, is
 * fetched into `cacheFolder`, in the very version the lockfile has.
 *
 * @throws Error naming the native file that is not there or not for this processor: `@duckdb/node-bindings` installs
 * without it in silence.
 */
export function duckdbPackages(architecture: Architecture, cacheFolder: string): readonly PackageFolder[] {
  const binding = `${NODE_BINDINGS}-linux-${CPUS[architecture]}`;
  const packages = [
    { name: NODE_API, folder: packageFolder(NODE_API) },
    { name: NODE_BINDINGS, folder: packageFolder(NODE_BINDINGS) },
    { name: 'detect-libc', folder: packageFolder('detect-libc') },
    { name: binding, folder: installedBinding(binding) ?? fetchBinding(binding, architecture, cacheFolder) },
  ];
  for (const file of NATIVE_FILES) requireNativeFile(join(packages.at(-1)?.folder ?? '', file), architecture);
  return packages;
}

/** The file is there and made for the processor: ELF says so in two bytes at offset 18 (ELF-64, e_machine). */
function requireNativeFile(path: string, architecture: Architecture): void {
  if (!existsSync(path)) throw new Error(`There is no ${path}: no function with DuckDB could start`);
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  readSync(file, header, 0, header.length, 0);
  closeSync(file);
  const machine = header.readUInt16LE(18);
  if (machine !== ELF_MACHINES[architecture]) throw new Error(`${path} is for another processor than ${architecture}`);
}

function packageFolder(name: string): string {
  return join(PROJECT_FOLDER, 'node_modules', name);
}

function installedBinding(name: string): string | undefined {
  const folder = packageFolder(name);
  return existsSync(folder) ? folder : undefined;
}

/** npm takes a foreign binding only as what `@duckdb/node-bindings` asks for on that processor. */
function fetchBinding(name: string, architecture: Architecture, cacheFolder: string): string {
  const manifest = readFileSync(join(packageFolder(NODE_BINDINGS), 'package.json'), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));
  const cpu = CPUS[architecture];
  const home = join(cacheFolder, `duckdb-${version}-${cpu}`);
  const folder = join(home, 'node_modules', name);
  if (existsSync(folder)) return folder;
  const quietly = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const target = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
  execFileSync('npm', ['install', '--prefix', home, ...target, ...quietly, `${NODE_BINDINGS}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return folder;
}
