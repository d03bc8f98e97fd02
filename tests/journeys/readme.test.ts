import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Summary } from '../../infra/cli/figures/summary.ts';
import { summaryTable } from '../../infra/cli/figures/summary-table.ts';

const project = join(import.meta.dirname, '../..');

test('`npm start` ends with the table that the README shows, reconciled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-readme-'));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(project, 'infra/cli/start.ts'), '--once', '--json', '--quiet'],
      { cwd: folder },
    );
    const summary = Summary.parse(JSON.parse(stdout));
    expect(summary.reconciled).toBe(true);
    expect(await readFile(join(project, 'README.md'), 'utf8')).toContain(summaryTable(summary));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
