import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonTool } from '../installs/python-tool.ts';
import { JUDGES } from '../judges.ts';
import { runTool } from '../run-tool.ts';

/** What may not be held against the API, with reasons. */
const CONFIG = join(import.meta.dirname, 'schemathesis.toml');

/** What to judge, and how far. */
interface Question {
  readonly apiUrl: string;
  readonly token: string;
  /** The document as it should be taken; the one the server names when left out. */
  readonly document?: unknown;
  /** `GET /v1/customers`: this operation only. */
  readonly operation?: string;
  readonly phases: readonly ('examples' | 'coverage' | 'fuzzing' | 'stateful')[];
}

/** What schemathesis found, in its own words, and how many requests it made up. */
interface Found {
  readonly failures: string;
  readonly cases: number;
  readonly operations: number;
}

/** Puts a running API before schemathesis with all its checks. Seed and count are fixed, so two runs ask the same. */
export async function schemathesis({ apiUrl, token, document, operation, phases }: Question): Promise<Found> {
  const { name, version } = JUDGES.schemathesis;
  const bin = await pythonTool({ name: `${name}-${version}`, requirements: [`schemathesis==${version}`] });
  const folder = await mkdtemp(join(tmpdir(), 'apportion-schemathesis-'));
  try {
    const file = join(folder, 'openapi.json');
    if (document !== undefined) await writeFile(file, JSON.stringify(document));
    const { exitCode, stdout, stderr } = await runTool(
      join(bin, 'schemathesis'),
      [
        ...['--config-file', CONFIG, 'run', document === undefined ? `${apiUrl}/v1/openapi.json` : file],
        ...['--url', apiUrl, '-H', `Authorization: Bearer ${token}`, '--checks', 'all', '--phases', phases.join(',')],
        ...['-n', '10', '--seed', '1', '--generation-database', 'none', '--continue-on-failure', '--no-color'],
        ...(operation === undefined ? [] : ['--include-name', operation]),
      ],
      { cwd: folder },
    );
    const cases = Number(/(\d+) generated/.exec(stdout)?.[1] ?? 0);
    const operations = Number(/Tested: (\d+)/.exec(stdout)?.[1] ?? 0);
    if (exitCode > 1 || cases === 0) throw new Error(`schemathesis ended with ${exitCode}: ${stdout}${stderr}`);
    const told = stdout.slice(Math.max(0, stdout.indexOf('= FAILURES =')));
    return { failures: exitCode === 0 ? '' : told, cases, operations };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
