import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyConfig } from '../../infra/cli/apply-config.ts';
import { customersOfSubAccounts } from '../../infra/cli/customers-of-sub-accounts.ts';
import type { Summary } from '../../infra/cli/figures/summary.ts';
import { COST_COLUMNS, type CostColumn } from '../../lib/focus/columns.ts';
import { readCsv } from './csv.ts';
import { exact, plain, round, sumOf } from './exact.ts';
import { openProduct, type Product } from './open-product.ts';
import { HAS_SHARED_DATA, sharedFiles, WITHOUT_SHARED_DATA } from './shared-data.ts';

type Run = Summary['runs'][number];
type Rows = ReturnType<typeof readCsv>;

const [SAMPLE = ''] = sharedFiles('focus-sample-1.0/FOCUS-1.0/focus_sample.csv');
const GENERATED = sharedFiles('focus-generated-1000/*.csv');

describe.skipIf(!HAS_SHARED_DATA)(`the FOCUS 1.0 sample, without a configuration (${WITHOUT_SHARED_DATA})`, () => {
  const rows = rowsOf(SAMPLE);
  let product: Product;
  let summary: Summary;
  beforeAll(async () => {
    product = await openProduct();
    await product.connect('sample');
    await product.receive('sample', basename(SAMPLE), readFileSync(SAMPLE));
    await applyConfig(product.api, await customersOfSubAccounts(product.api));
    summary = await product.published();
  }, 180_000);
  afterAll(() => product?.close());

  test('bills 20.52022672899 over two months, at a list price of 20.39090575119', () => {
    expect(summary.reconciled).toBe(true);
    expect(summary.runs.map(({ period, currency }) => [period, currency])).toEqual([
      ['2024-09', 'USD'],
      ['2024-10', 'USD'],
    ]);
    expect(sumOf(summary.runs.map(({ delivered }) => delivered.BilledCost))).toBe('20.52022672899');
    expect(sumOf(summary.runs.map(({ delivered }) => delivered.ListCost))).toBe('20.39090575119');
  });

  test('makes each of its 73 sub accounts a customer, charged exactly what was delivered', () => {
    const expected = Map.groupBy(rows, ({ SubAccountId = '' }) => SubAccountId);
    expect(expected.size).toBe(73);
    const customers = Map.groupBy(
      summary.runs.flatMap((run) => run.customers),
      ({ name }) => name,
    );
    const found = [...customers.values()].map((months) => [
      months.reduce((sum, { delivered }) => sum + delivered.rows, 0),
      sumOf(months.map(({ charged }) => charged.BilledCost)),
    ]);
    const wanted = [...expected.values()].map((own) => [own.length, sumOf(amountsOf(own, 'BilledCost'))]);
    expect(found.sort(byText)).toEqual(wanted.sort(byText));
    for (const run of summary.runs) {
      for (const customer of run.customers) expect(customer.charged).toEqual(customer.delivered);
      expect([run.unassigned.rows, run.partner.rows]).toEqual([0, 0]);
    }
  });

  test('arrives whole, and every owner’s share adds up to it', () => expectConserved(rows, summary.runs));
});

describe.skipIf(!HAS_SHARED_DATA)(
  `generated bills of three clouds in FOCUS 1.2 and 1.3 (${WITHOUT_SHARED_DATA})`,
  () => {
    let product: Product;
    let summary: Summary;
    beforeAll(async () => {
      product = await openProduct();
      const ids = new Set(GENERATED.flatMap((path) => rowsOf(path).map(({ SubAccountId = '' }) => SubAccountId)));
      await product.configure({
        customers: [...ids].filter((id) => id !== '').map((id) => ({ name: id, subAccounts: [id] })),
      });
      for (const [index, path] of GENERATED.entries()) {
        await product.connect(`bill-${index}`);
        await product.receive(`bill-${index}`, basename(path), readFileSync(path));
      }
      summary = await product.published();
    }, 180_000);
    afterAll(() => product?.close());

    test.each(GENERATED.map((path, index) => ({ file: basename(path), path, index })))(
      '$file arrives whole, and every owner’s share adds up to it',
      ({ path, index }) => {
        const runs = summary.runs.filter(({ integrationId }) => integrationId === `bill-${index}`);
        expect(runs.map(({ delivered }) => delivered.rows)).toEqual([1000]);
        expectConserved(rowsOf(path), runs);
      },
    );

    test('a run of one integration holds nothing of another', () => {
      for (const [index, path] of GENERATED.entries()) {
        const run = summary.runs.find(({ integrationId }) => integrationId === `bill-${index}`);
        const own = Map.groupBy(rowsOf(path), ({ SubAccountId = '' }) => SubAccountId);
        for (const { name, delivered } of run?.customers ?? []) expect(delivered.rows).toBe(own.get(name)?.length ?? 0);
        expect(run?.unassigned.rows).toBe(own.get('')?.length ?? 0);
      }
    });
  },
);

/** delivered − ingestRounding = Σ customers + unassigned + partner in all four costs; delivered is the sum of the file's own text. */
function expectConserved(rows: Rows, runs: readonly Run[]): void {
  expect(runs.reduce((sum, { delivered }) => sum + delivered.rows, 0)).toBe(rows.length);
  for (const cost of COST_COLUMNS) {
    const texts = amountsOf(rows, cost);
    expect(sumOf(runs.map(({ delivered }) => delivered[cost])), cost).toBe(sumOf(texts));
    const kept = sumOf(texts.map((text) => plain(round(exact(text), 12))));
    const rounding = sumOf(runs.map(({ ingestRounding }) => ingestRounding[cost]));
    expect(rounding, cost).toBe(sumOf([...texts, negative(kept)]));
    for (const { customers, unassigned, partner, delivered, ingestRounding, reconciled } of runs) {
      expect(reconciled).toBe(true);
      const owned = [...customers.map((customer) => customer.delivered), unassigned, partner];
      const split = sumOf(owned.map((one) => one[cost]));
      expect(split, cost).toBe(sumOf([delivered[cost], negative(ingestRounding[cost])]));
    }
  }
}

function rowsOf(path: string): Rows {
  return path === '' ? [] : readCsv(readFileSync(path, 'utf8'));
}

function amountsOf(rows: Rows, cost: CostColumn): string[] {
  return rows.map(({ [cost]: text = '' }) => text).filter((text) => text !== '' && text !== 'NULL');
}

function negative(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

function byText(one: unknown, other: unknown): number {
  return String(one) < String(other) ? -1 : 1;
}
