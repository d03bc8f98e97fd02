import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const project = join(import.meta.dirname, '../..');

/** Whether a program is there to run. */
function has(program: string): boolean {
  try {
    execFileSync('which', [program]);
    return true;
  } catch {
    return false;
  }
}

const missing = ['bash', 'curl', 'jq'].filter((program) => !has(program));

describe.skipIf(missing.length > 0)(`docs/api.md${missing.length > 0 ? ` (skipped: no ${missing})` : ''}`, () => {
  let folder: string;
  let machine: ChildProcess;
  let said = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apportion-api-docs-'));
    machine = spawn(process.execPath, [join(project, 'infra/cli/start.ts')], { cwd: folder });
    machine.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    while (!said.includes('Ctrl-C')) {
      if (machine.exitCode !== null) throw new Error(said);
      await sleep(100);
    }
  }, 180_000);
  afterAll(async () => {
    machine.kill('SIGINT');
    if (machine.exitCode === null) await once(machine, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  test('says nothing that does not work: every command of it is run and answered without a problem', async () => {
    const text = await readFile(join(project, 'docs/api.md'), 'utf8');
    const commands = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
    expect(commands.length).toBeGreaterThan(10);
    // curl itself fails on a status of 400 and more; `npm run --silent token --` is the project's own command, in this folder.
    await writeFile(join(folder, '.curlrc'), 'fail-with-body\n');
    const npm = `npm() { '${process.execPath}' '${join(project, 'infra/cli/token.ts')}' "\${@:5}"; }`;
    const script = ['set -euo pipefail', npm, ...commands].join('\n');
    const { stdout } = await promisify(execFile)('bash', ['-c', script], {
      cwd: folder,
      env: { ...process.env, CURL_HOME: folder },
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(stdout).toContain('"role":"customer"');
    expect(stdout).not.toContain('urn:apportion:problem');
  }, 120_000);
});
