import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { compileRules } from '../../../lib/rules/compile-rules.ts';
import { DUCKDB_MACROS } from '../../../lib/sql/duckdb-macros.ts';
import { deliver } from '../../lib/rules/delivered-table.ts';
import { stored } from '../../lib/rules/stored.ts';
import { compareCases } from '../../oracle/compare-cases.ts';
import { openProduct } from '../../oracle/product.ts';
import type { Answered, AnswerMemory } from '../answer-memory.ts';
import { runTool } from '../run-tool.ts';
import type { TrinoOnDemand } from './trino-on-demand.ts';
import { type Compared, twoEngines } from './two-engines.ts';

const PROJECT = join(import.meta.dirname, '../../..');

/**
 * Trino writes a class for each expression, which ends at 64 KB, and plans a statement in a time that grows with the square
 * of its rules: so many cases of so few rules go into one bill. One bill in twenty is of one case of any size.
 */
const CASES_AT_ONCE = 12;
const RULES_MOST = 3;

/** Prices random bills on both engines and by the oracle; throws what differs first. */
export async function compareOracleCases(
  { query: trino }: TrinoOnDemand,
  memory: AnswerMemory,
  trial: { readonly cases: number; readonly seed: number },
): Promise<Compared> {
  const compared: Compared = { statements: 0, rows: 0, differences: [] };
  const product = await openProduct((database, folder) => twoEngines(database, { trino, memory, folder, compared }));
  try {
    const found = await compareCases(product, { ...trial, batch: CASES_AT_ONCE, rulesMost: RULES_MOST }, () => {
      if (compared.differences.length > 0) throw new Error(compared.differences.join('\n'));
    });
    if (found.length > 0) throw new Error(JSON.stringify(found[0]));
    return compared;
  } finally {
    product.close();
  }
}

const CENT = 'DECIMAL(38,2)';

/** What the comparison says of a priced bill, and of the same where the charged amount takes the type of an empty branch. */
export async function comparePlantedRule(
  { query: trino }: TrinoOnDemand,
  memory: AnswerMemory,
): Promise<{
  readonly sound: readonly string[];
  readonly planted: readonly string[];
}> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-planted-'));
  const compared: Compared = { statements: 0, rows: 0, differences: [] };
  const database = twoEngines(await openDuckdb({ folder, memoryMegabytes: 512, threads: 1 }), {
    trino,
    memory,
    folder,
    compared,
  });
  try {
    for (const macro of DUCKDB_MACROS) await database.run(macro);
    await deliver(database, [{ x_RowId: '1', BilledCost: '1.005', EffectiveCost: '1', ContractedCost: '1' }]);
    const rules = stored({ type: 'rerate', base: 'billed_cost', offsetPercent: '0.0001' });
    const priced = compileRules(rules, { precedence: 'first_match', runId: 'run_1' }).priced(1);
    const charge = async (amount: string) => {
      await database.run(
        `CREATE OR REPLACE TABLE priced AS SELECT "x_RowId", ${amount} AS "x_ChargedBilledCost" FROM (${priced}) AS priced`,
      );
      return compared.differences.splice(0);
    };
    return {
      sound: await charge('"x_ChargedBilledCost"'),
      planted: await charge(`COALESCE(CAST(NULL AS ${CENT}), "x_ChargedBilledCost")`),
    };
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What another process compared. */
interface ComparedElsewhere {
  readonly statements: number;
  readonly rows: number;
  readonly answered: Answered;
}

/** Runs the tests of rules, golden examples first, on both engines; throws what they print where one fails. */
export async function compareGoldenExamples({ door }: TrinoOnDemand): Promise<ComparedElsewhere> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-golden-trino-'));
  try {
    const report = join(folder, 'compared');
    const args = ['run', '--config', 'tests/judges/sql/rules.vitest.config.ts', '--reporter=dot'];
    const { exitCode, stdout, stderr } = await runTool(
      process.execPath,
      [join(PROJECT, 'node_modules/vitest/vitest.mjs'), ...args],
      { cwd: PROJECT, env: { TRINO_DOOR: door, COMPARED: report } },
    );
    if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`.slice(-6_000));
    const lines = (await readFile(report, 'utf8')).trim().split('\n');
    const sums = lines.map((line) => line.split(' ').map(Number));
    const sum = (place: number) => sums.reduce((total, line) => total + (line[place] ?? 0), 0);
    return { statements: sum(0), rows: sum(1), answered: { asked: sum(2), remembered: sum(3) } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
