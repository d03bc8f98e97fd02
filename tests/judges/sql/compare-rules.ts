import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareCases } from '../../oracle/compare-cases.ts';
import { openProduct } from '../../oracle/product.ts';
import { runTool } from '../run-tool.ts';
import type { RunningTrino } from './start-trino.ts';
import { type Compared, twoEngines } from './two-engines.ts';

const PROJECT = join(import.meta.dirname, '../../..');

/** Trino compiles a statement to one method per expression: more cases in one bill than these are too large for it. */
const CASES_AT_ONCE = 6;

/** Prices random bills on both engines and by the oracle; throws what differs first. */
export async function compareOracleCases(
  { query: trino }: RunningTrino,
  trial: { readonly cases: number; readonly seed: number },
): Promise<Compared> {
  const compared: Compared = { statements: 0, rows: 0, differences: [] };
  const product = await openProduct((database, folder) => twoEngines(database, { trino, folder, compared }));
  try {
    const found = await compareCases(product, { ...trial, batch: CASES_AT_ONCE }, () => {
      if (compared.differences.length > 0) throw new Error(compared.differences.join('\n'));
    });
    if (found.length > 0) throw new Error(JSON.stringify(found[0]));
    return compared;
  } finally {
    product.close();
  }
}

/** Runs the tests of rules, golden examples first, on both engines; throws what they print where one fails. */
export async function compareGoldenExamples({ url }: RunningTrino): Promise<{ statements: number; rows: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-golden-trino-'));
  try {
    const report = join(folder, 'compared');
    const args = ['run', '--config', 'tests/judges/sql/rules.vitest.config.ts', '--reporter=dot'];
    const { exitCode, stdout, stderr } = await runTool(
      process.execPath,
      [join(PROJECT, 'node_modules/vitest/vitest.mjs'), ...args],
      { cwd: PROJECT, env: { TRINO_URL: url, COMPARED: report } },
    );
    if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`.slice(-6_000));
    const lines = (await readFile(report, 'utf8')).trim().split('\n');
    const sums = lines.map((line) => line.split(' ').map(Number));
    const sum = (place: number) => sums.reduce((total, line) => total + (line[place] ?? 0), 0);
    return { statements: sum(0), rows: sum(1) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
