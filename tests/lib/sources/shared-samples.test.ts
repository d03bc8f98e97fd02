import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COST_COLUMNS, type CostColumn } from '../../../lib/focus/columns.ts';
import type { DeliveredBill } from '../../../lib/sources/delivered-bill.ts';
import type { MeasureRow } from '../../../lib/sources/measure-row.ts';
import { Querying, type SplitRow } from '../pipeline/receive-bill/querying.ts';
import { receivingBills } from '../pipeline/receive-bill/receiving.ts';

/** Real and generated FOCUS files that are fetched beside the project and never part of it. */
const SHARED = join(import.meta.dirname, '../../../../shared/data');
const SAMPLE = join(SHARED, 'focus-sample-1.0/FOCUS-1.0/focus_sample.csv');
const GENERATED = existsSync(SHARED) ? globSync('focus-generated-1000/*.csv', { cwd: SHARED }) : [];

const sum = (amounts: readonly string[]) =>
  amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)).toFixed();

Decimal.set({ precision: 80 });

describe.skipIf(!existsSync(SAMPLE))('shared FOCUS files (skipped where ../shared/data is not there)', () => {
  const begin = receivingBills();
  let querying: Querying;
  beforeAll(async () => {
    querying = await Querying.start(begin());
  });
  afterAll(() => querying.close());

  async function whole(bill: DeliveredBill): Promise<{ measured: MeasureRow[]; rows: SplitRow[] }> {
    const measured: MeasureRow[] = [];
    const rows: SplitRow[] = [];
    for (const { period } of bill.periods) {
      measured.push(...(await querying.measure(bill, period)));
      rows.push(...(await querying.split(bill, period)));
    }
    return { measured, rows };
  }

  const measuredSum = (measured: readonly MeasureRow[], cost: CostColumn, kind: 'exact' | 'rounded') =>
    sum(measured.map(({ costs }) => costs[cost][kind]));
  const splitSum = (rows: readonly SplitRow[], cost: CostColumn) =>
    sum(rows.flatMap((row) => row[cost.toLowerCase()] ?? []));

  test('the FOCUS 1.0 sample adds up to its known figures', async () => {
    const bill = await begin().receiveFile('acme/sample.csv.gz', gzipSync(readFileSync(SAMPLE)));
    const { measured, rows } = await whole(bill);
    expect(rows).toHaveLength(1000);
    expect(measuredSum(measured, 'BilledCost', 'exact')).toBe('20.52022672899');
    expect(measuredSum(measured, 'ListCost', 'exact')).toBe('20.39090575119');
    expect(bill.subAccounts).toHaveLength(73);
    expect(bill.periods.map(({ period }) => period)).toEqual(['2024-09', '2024-10']);
  });

  test.each([...GENERATED])('%s: what is split is what is measured, in all four costs', async (file) => {
    const bill = await begin().receiveFile(`acme/${basename(file)}`, readFileSync(join(SHARED, file)));
    const { measured, rows } = await whole(bill);
    expect(rows).toHaveLength(1000);
    for (const cost of COST_COLUMNS) {
      expect(splitSum(rows, cost)).toBe(measuredSum(measured, cost, 'rounded'));
      const rounding = new Decimal(measuredSum(measured, cost, 'exact')).minus(splitSum(rows, cost)).abs();
      expect(rounding.lessThanOrEqualTo('0.0000000005')).toBe(true);
    }
    expect(new Set(rows.map((row) => row.x_cloudprovider)).size).toBe(1);
    expect(rows.every((row) => row.providername !== null)).toBe(true);
  });
});
