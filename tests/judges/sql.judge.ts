import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyConfig } from '../../infra/cli/apply-config.ts';
import { ApportionConfig } from '../../infra/cli/config/apportion-config.ts';
import { CommandError, EXIT } from '../../infra/cli/exit-with.ts';
import { createSampleFile, SAMPLE } from '../../infra/cli/sample.ts';
import { inParallel } from '../../lib/pipeline/in-parallel.ts';
import { sampleConfig } from '../../lib/sample-bill/sample-config.ts';
import { readCsv } from '../journeys/csv.ts';
import { openEdited } from '../journeys/open-edited.ts';
import type { Product } from '../journeys/open-product.ts';
import { HAS_SHARED_DATA, sharedFiles, WITHOUT_SHARED_DATA } from '../journeys/shared-data.ts';
import { judged, planted } from './judged.ts';
import { JUDGES } from './judges.ts';
import { type Comparison, comparingEngine } from './sql/compare-engines.ts';
import { compareGoldenExamples, compareOracleCases, comparePlantedRule } from './sql/compare-rules.ts';
import { compareStatement } from './sql/compare-statement.ts';
import { withKnownCustomers } from './sql/known-customers.ts';
import { trinoEngine } from './sql/trino-engine.ts';
import { openTrinoMemory } from './sql/trino-memory.ts';
import { type TrinoOnDemand, trinoOnDemand } from './sql/trino-on-demand.ts';

const FOCUS_FILES = [
  ...sharedFiles('focus-generated-1000/*.csv'),
  ...sharedFiles('focus-sample-1.0/**/*.csv'),
  ...sharedFiles('focus-spec-1.2-examples/**/*.csv'),
];

/** Random bills of the oracle that both engines price. */
const ORACLE_CASES = 510;

/** Bills under way at a time: Trino answers one statement after the other, and the rest of a run goes on meanwhile. */
const AT_ONCE = 4;

describe('Trino', () => {
  let trino: TrinoOnDemand;
  let product: Product | undefined;
  const memory = openTrinoMemory();
  const comparison: Comparison = { statements: 0, rows: 0, differences: [] };
  /** A product whose pipeline goes on with what Trino answers. */
  const productOnTrino = async () => {
    await product?.close();
    const opened = await openEdited({
      machine: { athenaEngine: comparingEngine(trinoEngine(trino.query, memory), comparison) },
    });
    product = opened;
    const api = withKnownCustomers(opened.api, opened.machine);
    const configure = (config: unknown) => applyConfig(api, ApportionConfig.parse(config));
    return { ...opened, configure };
  };
  beforeAll(async () => {
    trino = await trinoOnDemand();
  });
  afterAll(async () => {
    await product?.close();
    await trino.close();
  });

  /** How many answers were asked and how many remembered since the last call. */
  const answered = () => {
    const { asked, remembered } = memory.answered;
    Object.assign(memory.answered, { asked: 0, remembered: 0 });
    return { asked, remembered };
  };

  /** What was compared since the last call; fails where the engines differed. */
  const compared = () => {
    const { statements, rows, differences } = comparison;
    Object.assign(comparison, { statements: 0, rows: 0, differences: [] });
    expect(differences).toEqual([]);
    expect(statements).toBeGreaterThan(1);
    return `${statements} statements, ${rows} rows`;
  };

  test(
    'answers every statement of the sample’s run as DuckDB does, and the bill is reconciled',
    judged(JUDGES.trino, 'the sample, delivered to published', async () => {
      const { configure, connect, receive, published, folder } = await productOnTrino();
      await configure(sampleConfig(SAMPLE.period));
      await connect(SAMPLE.integrationId);
      await receive(SAMPLE.integrationId, '2025-03.csv', readFileSync(await createSampleFile(folder)));
      expect((await published()).reconciled).toBe(true);
      return { count: compared(), answered: answered() };
    }),
  );

  test.skipIf(!HAS_SHARED_DATA)(
    `answers every statement of every FOCUS file’s run as DuckDB does (${WITHOUT_SHARED_DATA})`,
    judged(JUDGES.trino, 'every FOCUS file, delivered to published', async () => {
      // Without rules: what they add to each customer's month is priced by workers, of which Trino sees nothing.
      const opened = await productOnTrino();
      const ids = new Set(
        FOCUS_FILES.flatMap((path) => readCsv(readFileSync(path, 'utf8')).map(({ SubAccountId = '' }) => SubAccountId)),
      );
      const owned = [...ids].filter((id) => id !== '' && id !== 'NULL');
      await opened.configure({ customers: owned.map((id) => ({ name: `of ${id}`, subAccounts: [id] })) });
      const deliver = async (path: string, index: number) => {
        const integrationId = `bill-${index}`;
        await opened.connect(integrationId);
        const files = [{ key: `${integrationId}/${basename(path)}`, path }];
        return await opened.receiveFiles(integrationId, files).then(
          () => [],
          (error: unknown) => {
            // Examples in the specification that lack what every bill has; a judge has nothing to see in them.
            if (error instanceof CommandError && error.exitCode === EXIT.quarantined) return [basename(path)];
            throw error;
          },
        );
      };
      const refused = (await inParallel([...FOCUS_FILES.entries()], AT_ONCE, ([at, path]) => deliver(path, at))).flat();
      expect((await opened.published()).reconciled).toBe(true);
      const count = `${FOCUS_FILES.length - refused.length} files, ${compared()}`;
      return { count, remark: `refused at delivery: ${refused.join(', ') || 'none'}`, answered: answered() };
    }),
  );

  test(
    'prices every golden example of the rules as DuckDB does',
    judged(JUDGES.trino, 'the golden examples of rules', async () => {
      const { statements, rows, answered } = await compareGoldenExamples(trino);
      expect(statements).toBeGreaterThan(100);
      return { count: `${statements} statements, ${rows} rows`, answered };
    }),
  );

  test(
    `prices ${ORACLE_CASES} random bills as DuckDB and the oracle do`,
    judged(JUDGES.trino, 'random bills under random rules', async () => {
      const { statements, rows } = await compareOracleCases(trino, memory, { cases: ORACLE_CASES, seed: 435 });
      return { count: `${ORACLE_CASES} bills, ${statements} statements, ${rows} rows`, answered: answered() };
    }),
  );

  test(
    'differs from DuckDB where a column takes the type of its first branch',
    planted(
      JUDGES.trino,
      'a decimal that loses a digit',
      async () => {
        const short = 'CAST(NULL AS DECIMAL(38,2))';
        const long = "CAST('1.123456789012345678' AS DECIMAL(38,18))";
        const engine = trinoEngine(trino.query, memory);
        const differences = await compareStatement(`SELECT COALESCE(${short}, ${long}) AS BilledCost`, engine);
        expect(differences).toEqual([
          expect.stringContaining('types: BilledCost decimal(38,2) / BilledCost decimal(38,18)'),
          expect.stringContaining('1.12'),
        ]);
        expect(await compareStatement(`SELECT ${long} AS BilledCost`, engine)).toEqual([]);
      },
      answered,
    ),
  );

  test(
    'differs from DuckDB where the amount that a rule charges takes the type of an empty branch',
    planted(
      JUDGES.trino,
      'a rule that loses a digit',
      async () => {
        const found = await comparePlantedRule(trino, memory);
        expect(found.sound).toEqual([]);
        expect(found.planted).toEqual([expect.stringMatching(/decimal\(38,2\).*decimal\(38,18\)/s)]);
      },
      answered,
    ),
  );
});
