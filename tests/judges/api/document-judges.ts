import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmTool } from '../installs/npm-tool.ts';
import { JUDGES } from '../judges.ts';
import { requireTool, runTool } from '../run-tool.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const REDOCLY_ENV = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** What redocly's strictest rules find in an OpenAPI document: one line each. */
export async function redocly(document: unknown): Promise<readonly string[]> {
  const { name, version } = JUDGES.redocly;
  const bin = await npmTool({ name: `${name}-${version}`, packages: [`@redocly/cli@${version}`] });
  return await inFolder(async (folder) => {
    await writeFile(join(folder, 'redocly.yaml'), 'extends: [recommended-strict]\n');
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
    const args = ['lint', 'openapi.json', '--format', 'json'];
    const { stdout, stderr } = await runTool(join(bin, 'redocly'), args, { cwd: folder, env: REDOCLY_ENV });
    const report: unknown = JSON.parse(stdout.slice(stdout.indexOf('{')) || '{}');
    const { problems } = report as { problems?: { ruleId: string; message: string }[] };
    if (problems === undefined) throw new Error(`redocly said nothing: ${stderr.slice(-1000)}`);
    return problems.map(({ ruleId, message }) => `${ruleId} ${message}`);
  });
}

/** A program that uses the generated types as a client would; it compiles only if they say what the API answers. */
const CLIENT = `
import type { operations } from './openapi.ts';

type Customers = operations['listCustomers']['responses'][200]['content']['application/json'];
export const names = (page: Customers): string[] => page.items.map(({ name }) => name);
export const cursor = (page: Customers): string | undefined => page.nextCursor;
`;

const STRICT = [
  '--strict',
  '--noEmit',
  '--exactOptionalPropertyTypes',
  '--noUncheckedIndexedAccess',
  '--skipLibCheck',
  'false',
];

/** Makes types of the document and compiles them, and a client of them, strictly. Returns their lines; throws what tsc says. */
export async function compiledTypes(document: unknown): Promise<number> {
  const { name, version } = JUDGES.openapiTypescript;
  const packages = [`openapi-typescript@${version}`, 'typescript@5.9.3'];
  const bin = await npmTool({ name: `${name}-${version}`, packages });
  return await inFolder(async (folder) => {
    const types = join(folder, 'openapi.ts');
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
    await writeFile(join(folder, 'client.ts'), CLIENT);
    await requireTool(join(bin, 'openapi-typescript'), [join(folder, 'openapi.json'), '--output', types]);
    const modules = ['--module', 'nodenext', '--target', 'es2024', '--allowImportingTsExtensions', '--types', ''];
    const tsc = join(PROJECT, 'node_modules/.bin/tsc');
    await requireTool(tsc, [...STRICT, ...modules, types, join(folder, 'client.ts')], { cwd: folder });
    return (await readFile(types, 'utf8')).split('\n').length;
  });
}

async function inFolder<Result>(act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-openapi-'));
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
