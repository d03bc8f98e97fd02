import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runTool } from '../run-tool.ts';

const PROJECT = join(import.meta.dirname, '../../..');

/** A server that starts cold in Java needs longer for a thousand requests than ours in this process. */
const PATIENCE = '--testTimeout=180000';

/** Another implementation of a service: how it is started, in a folder of its own. */
export interface OtherServer {
  readonly service: 's3' | 'dynamodb' | 'sqs';
  readonly port: number;
  readonly command: (folder: string) => Promise<readonly string[]>;
  /** Behaviours to ask for, by a regular expression; all when left out. */
  readonly only?: string;
}

const Report = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Behaviours of one suite by how they went. */
export interface SuiteResult {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** Runs our suite of a service against another implementation; what looks inside our own process is left out. */
export async function runSuiteElsewhere({ service, port, command, only = '' }: OtherServer): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), `apportion-${service}-`));
  try {
    const report = join(folder, 'report.json');
    const vitest = [
      process.execPath,
      join(PROJECT, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--maxWorkers=1',
      PATIENCE,
    ];
    const suite = [`tests/infra/local/stand-ins/${service}.`, '-t', only, '--reporter=json', `--outputFile=${report}`];
    const script = join(import.meta.dirname, 'suite-elsewhere.sh');
    const server = await command(folder);
    const args = ['-rn', script, String(port), join(folder, 'server.log'), ...vitest, ...suite, '--', ...server];
    const { exitCode, stderr } = await runTool('unshare', args, {
      cwd: PROJECT,
      env: { ENDPOINT: `http://127.0.0.1:${port}`, STAND_IN: service },
    });
    if (exitCode === 99) throw new Error(stderr);
    const { testResults } = Report.parse(JSON.parse(await readFile(report, 'utf8')));
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of failed) process.stderr.write(`${fullName}: ${failureMessages[0]}\n`);
    const passed = results.filter(({ status }) => status === 'passed');
    return { passed: passed.map(({ fullName }) => fullName), failed: failed.map(({ fullName }) => fullName) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
