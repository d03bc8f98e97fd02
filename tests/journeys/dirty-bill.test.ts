import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../infra/cli/figures/summary.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { COST_COLUMNS } from '../../lib/focus/columns.ts';
import { DIRTY_CSV, DIRTY_ROWS_AS_PARQUET } from '../lib/pipeline/receive-bill/dirty-bill.ts';
import { readCsv } from './csv.ts';
import { exact, plain, round, sumOf } from './exact.ts';
import { openProduct, type Product } from './open-product.ts';
import { type TextRow, writeParquet } from './parquet-rows.ts';
import { publishedRowsOf } from './published-rows-of.ts';

/** How each form comes: a bare file, an export of AWS Data Exports, a file under our own manifest. */
const FORMS = ['csv', 'gz', 'parquet'] as const;

describe('One dirty bill as CSV, as a Data Exports folder of CSV.gz, and as Parquet under a manifest', () => {
  let product: Product;
  let summary: Summary;
  let customers: ReadonlyMap<string, CustomerId>;

  beforeAll(async () => {
    product = await openProduct();
    customers = await product.configure({
      customers: [
        { name: 'Atlas', subAccounts: ['000123456789'] },
        { name: 'Oracle shop', subAccounts: ['000987654321'] },
        { name: 'Without zeros', subAccounts: ['123456789', '987654321'] },
      ],
      rules: [
        {
          name: 'Twice',
          type: 'rerate',
          base: 'billed_cost',
          offsetPercent: '100',
          startDate: '2025-02-28',
          customers: ['Atlas'],
          filter: { field: 'ChargeDescription', op: 'in', values: ['3 offset'] },
        },
      ],
    });
    await product.connect('csv');
    await product.receive('csv', 'march.csv', DIRTY_CSV);
    await product.connect('gz', 'data_exports');
    await product.receiveFiles('gz', await dataExport(product));
    await product.connect('parquet');
    const parquet = join(product.folder, 'dirty.parquet');
    await writeParquet(DIRTY_ROWS_AS_PARQUET, parquet);
    await product.receiveFiles('parquet', [
      { key: 'parquet/2025-03/dirty.parquet', path: parquet },
      { key: 'parquet/2025-03/_manifest.json', text: JSON.stringify({ files: ['dirty.parquet'] }) },
    ]);
    summary = await product.published();
  }, 120_000);
  afterAll(() => product?.close());

  const runOf = (form: string) => summary.runs.find(({ integrationId }) => integrationId === form);
  const ledgerOf = async (form: string, customer: string): Promise<TextRow[]> => {
    const part = { table: 'customer_charges', owner: customers.get(customer) ?? '', source: form } as const;
    return (await publishedRowsOf(product.machine, part)).sort((one, other) =>
      (one.x_RowId ?? '') < (other.x_RowId ?? '') ? -1 : 1,
    );
  };

  test.each(FORMS)(
    'as %s it is one reconciled run of 6 rows, 3 of Atlas, 1 of the Oracle shop, 2 of nobody',
    (form) => {
      const run = runOf(form);
      expect(run).toMatchObject({ period: '2025-03', currency: 'USD', reconciled: true });
      expect([run?.delivered.rows, ...(run?.customers ?? []).map(({ delivered }) => delivered.rows)]).toEqual([
        6, 3, 1, 0,
      ]);
      expect([run?.unassigned.rows, run?.partner.rows]).toEqual([2, 0]);
      expect(run?.customers[0]?.rules).toEqual([
        {
          name: 'Twice',
          rows: 1,
          delta: { BilledCost: '-12', EffectiveCost: '0', ListCost: '0', ContractedCost: '0.5' },
        },
      ]);
    },
  );

  test.each(FORMS)(
    'as %s its figures are the sums of its text to the last digit, beyond the 12th decimal too',
    (form) => {
      const rows = readCsv(DIRTY_CSV);
      const run = runOf(form);
      for (const cost of COST_COLUMNS) {
        const texts = rows.map((row) => row[cost] ?? '').filter((text) => text !== '' && text !== 'NULL');
        expect(run?.delivered[cost], cost).toBe(sumOf(texts));
        const kept = sumOf(texts.map((text) => plain(round(exact(text), 12))));
        expect(sumOf([run?.ingestRounding[cost], kept]), cost).toBe(sumOf(texts));
      }
      expect(run?.ingestRounding.BilledCost).not.toBe('0');
    },
  );

  test.each(FORMS)('as %s each cell reads as the bill means it', async (form) => {
    const byDescription = new Map((await ledgerOf(form, 'Atlas')).map((row) => [row.ChargeDescription, row]));
    expect(byDescription.get('1 breaks\nin "two", and a \\n stays')).toMatchObject({
      SubAccountId: '000123456789',
      SubAccountName: 'Atlas, "Nimbus"',
      BilledCost: '0.00000015',
      ContractedCost: '5',
      EffectiveCost: null,
      ChargePeriodStart: '2025-03-05 01:00:00',
      BillingPeriodStart: '2025-03-01 00:00:00',
      Tags: '{"env":"a\\"b","path":"C:\\\\temp"}',
    });
    expect(byDescription.get('2 many decimals')).toMatchObject({
      BilledCost: '0.123456789012',
      SubAccountName: null,
      ChargePeriodStart: '2025-03-05 02:00:00.5',
      Tags: null,
    });
    expect(byDescription.get('Usage')).toMatchObject({
      BilledCost: '-24',
      ContractedCost: '1',
      ChargePeriodStart: '2025-02-28 22:00:00',
    });
    expect(await ledgerOf(form, 'Without zeros')).toEqual([]);
  });

  test('it is the same bill in every form: the same figures, and the same rows with the same ids', async () => {
    const { integrationId: _, ...figures } = runOf('csv') ?? {};
    for (const form of FORMS.slice(1)) {
      expect({ ...runOf(form), integrationId: undefined }).toEqual({ ...figures, integrationId: undefined });
      for (const customer of ['Atlas', 'Oracle shop'])
        expect(await ledgerOf(form, customer), `${customer}, ${form}`).toEqual(await ledgerOf('csv', customer));
    }
  });
});

/** An export as `CREATE_NEW_REPORT` lays it out: data, then the manifest of its execution. */
async function dataExport({ folder }: Product) {
  const path = join(folder, 'costs-00001.csv.gz');
  await writeFile(path, gzipSync(DIRTY_CSV));
  const execution = 'BILLING_PERIOD=2025-03/2025-04-02T06:00:00.000Z-6f0c2d7e-1111-4222-8333-444455556666';
  const key = `gz/costs/data/${execution}/costs-00001.csv.gz`;
  const manifest = { dataFiles: [`s3://{landing}/${key}`] };
  return [
    { key, path },
    { key: `gz/costs/metadata/${execution}/costs-Manifest.json`, text: JSON.stringify(manifest) },
  ];
}
