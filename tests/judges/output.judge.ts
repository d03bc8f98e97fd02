import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApportionConfig } from '../../infra/cli/config/apportion-config.ts';
import { createSampleFile, SAMPLE } from '../../infra/cli/sample.ts';
import { sampleConfig } from '../../lib/sample-bill/sample-config.ts';
import { parquetRows, writeParquet } from '../journeys/parquet-rows.ts';
import { runSplit } from '../journeys/run-split.ts';
import { HAS_SHARED_DATA, sharedFiles, WITHOUT_SHARED_DATA } from '../journeys/shared-data.ts';
import { judged, planted } from './judged.ts';
import { JUDGES } from './judges.ts';
import { focusValidator } from './output/focus-validator.ts';
import { ledgersInOne } from './output/ledgers-in-one.ts';

/** Rules that the model has for data sets with these columns; fewer would mean that the judge looked away. */
const RULES_RUN_MIN = 360;

/**
 * What normalisation cannot fill: FOCUS 1.0 has no SkuMeter, ServiceSubcategory or SubAccountType, the sample's providers
 * leave ContractedCost and consumption out, and some name one service in two categories.
 */
const UNFILLED = [
  ...['ConsumedQuantity-C-004-C', 'ConsumedUnit-C-003-O', 'ContractedCost-C-003-M', 'ContractedCost-C-004-M'],
  ...['ContractedUnitPrice-C-009-C', 'PricingUnit-C-003-O', 'RegionName-C-004-C', 'RegionName-C-005-C'],
  ...['ResourceType-C-004-C', 'ResourceType-C-005-C', 'ServiceName-C-005-C', 'ServiceName-C-008-C'],
  ...['ServiceSubcategory-C-002-M', 'SkuMeter-C-005-C', 'SubAccountType-C-005-C'],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apportion-output-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('focus-validator', () => {
  test(
    'finds nothing in the ledgers of the sample’s customers',
    judged(JUDGES.focusValidator, 'every ledger of the sample', async () => {
      const config = join(folder, 'sample.json');
      await writeFile(config, JSON.stringify(sampleConfig(SAMPLE.period)));
      return await lookedAt(await ledgersOf(await createSampleFile(folder), '--config', config));
    }),
  );

  test
    .skipIf(!HAS_SHARED_DATA)
    .each(sharedFiles('focus-generated-1000/*.csv').map((path) => ({ path, name: basename(path) })))(
    `finds nothing in the ledgers of $name (${WITHOUT_SHARED_DATA})`,
    ({ path, name }) =>
      judged(JUDGES.focusValidator, `every ledger of ${shortened(name)}`, async () =>
        lookedAt(await ledgersOf(path)),
      )(),
  );

  test.skipIf(!HAS_SHARED_DATA)(
    `finds in the FOCUS 1.0 sample’s ledgers only what that version does not have (${WITHOUT_SHARED_DATA})`,
    judged(JUDGES.focusValidator, 'focus-sample-1.0, of one customer', async () => {
      const [sample = ''] = sharedFiles('focus-sample-1.0/FOCUS-1.0/focus_sample.csv');
      const whole = join(folder, 'whole.parquet');
      await ledgersInOne(await ledgersOf(sample, '--config', await oneCustomerOf(sample)), whole);
      const [verdict] = await focusValidator([whole]);
      expect(verdict?.findings.map((finding) => finding.split(':')[0])).toEqual(UNFILLED);
      return { count: `${verdict?.rows} rows`, remark: `remaining: ${verdict?.findings.join('; ') || 'nothing'}` };
    }),
  );

  test(
    'finds a row without a service',
    planted(JUDGES.focusValidator, 'a null ServiceName', async () => {
      const [ledger = ''] = globSync(join(folder, '2025-03.csv.out/customers/*/*.parquet')).sort();
      const planted = join(folder, 'planted.parquet');
      await writeParquet(
        `SELECT * REPLACE (CASE WHEN x_RowId = (SELECT min(x_RowId) FROM ${quoted(ledger)}) THEN NULL ELSE ServiceName END AS ServiceName) FROM ${quoted(ledger)}`,
        planted,
      );
      const [verdict] = await focusValidator([planted]);
      expect(verdict?.findings).toEqual([expect.stringMatching(/^ServiceName-C-\d+-M: 1 rows; .*NULL/)]);
    }),
  );
});

/** Splits a bill with `npm run split` and returns the customers' ledgers. */
async function ledgersOf(bill: string, ...more: string[]): Promise<readonly string[]> {
  const out = join(folder, `${basename(bill)}.out`);
  const { exitCode, stderr } = await runSplit('--bill', bill, '--out', out, '--quiet', ...more);
  if (exitCode !== 0) throw new Error(`the split ended with ${exitCode}: ${stderr}`);
  return globSync(join(out, 'customers/*/*.parquet')).sort();
}

/** A configuration by which one customer has every sub account of a bill: what is judged is rows, not whose they are. */
async function oneCustomerOf(bill: string): Promise<string> {
  const ids = join(folder, 'sub-accounts.parquet');
  await writeParquet(`SELECT DISTINCT SubAccountId FROM read_csv(${quoted(bill)}, all_varchar = true)`, ids);
  const subAccounts = (await parquetRows([ids])).map(({ SubAccountId }) => SubAccountId).filter((id) => id !== null);
  const config = join(folder, 'one-customer.json');
  const customers = [{ name: 'Everybody', subAccounts }];
  await writeFile(config, JSON.stringify(ApportionConfig.parse({ partner: { name: 'Partner' }, customers })));
  return config;
}

async function lookedAt(ledgers: readonly string[]) {
  const whole = join(await mkdtemp(join(folder, 'in-one-')), 'ledgers.parquet');
  await ledgersInOne(ledgers, whole);
  const [verdict] = await focusValidator([whole]);
  expect(verdict?.findings).toEqual([]);
  expect(verdict?.rulesRun).toBeGreaterThanOrEqual(RULES_RUN_MIN);
  return { count: `${ledgers.length} ledgers, ${verdict?.rows} rows` };
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

function shortened(name: string): string {
  return name.replace(/_cost_and_usage|_rows1000_seed1202_credits\.csv/g, '');
}
