import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeliveredBill } from '../../../../lib/sources/delivered-bill.ts';
import { DIRTY_CSV, DIRTY_ROWS_AS_PARQUET } from './dirty-bill.ts';
import { Querying } from './querying.ts';
import { receivingBills } from './receiving.ts';

/*
 * The defects of real files in one small bill: a byte order mark, `NULL` text, empty cells, quoted line breaks, quotes and
 * commas, backslashes, E notation, more than 12 decimals, ids of digits with leading zeros, times without zone or `T`,
 * with fractions and with offsets, columns nobody knows, optional columns that are not there, names in another case.
 */
describe('one dirty bill as CSV, CSV.gz and Parquet', () => {
  const begin = receivingBills();
  let querying: Querying;
  const bills = new Map<string, DeliveredBill>();

  beforeAll(async () => {
    const receiving = begin();
    querying = await Querying.start(receiving);
    const files = { csv: Buffer.from(DIRTY_CSV), 'csv.gz': gzipSync(DIRTY_CSV), parquet: await asParquet() };
    for (const [ending, body] of Object.entries(files)) {
      bills.set(ending, await begin().receiveFile(`acme/march.${ending}`, body));
    }
  });
  afterAll(() => querying.close());

  const billOf = (ending: string) => {
    const bill = bills.get(ending);
    if (bill === undefined) throw new Error(`${ending} was not received`);
    return bill;
  };

  test('text becomes Parquet of our own, delivered Parquet stays where it is', () => {
    expect([...bills.values()].map((bill) => bill.files.map(({ bucket, ofText }) => [bucket, ofText]))).toEqual([
      [['lake', true]],
      [['lake', true]],
      [['landing', false]],
    ]);
  });

  test.each(['csv', 'csv.gz', 'parquet'])('%s reads as the bill means it, to the last digit', async (ending) => {
    const bill = billOf(ending);
    expect(bill.periods).toEqual([{ period: '2025-03', rows: 6 }]);
    expect(bill.subAccounts).toEqual([
      { id: '000123456789', name: 'Atlas, "Nimbus"', provider: 'AWS' },
      { id: '000987654321', name: null, provider: 'Oracle Cloud' },
    ]);
    const rows = (await querying.split(bill, '2025-03')).map((row) => ({
      description: row.chargedescription,
      SubAccountId: row.subaccountid,
      BilledCost: row.billedcost,
      ContractedCost: row.contractedcost,
      PricingQuantity: row.pricingquantity,
      ChargePeriodStart: row.chargeperiodstart,
      ProviderName: row.providername,
      cloud: row.x_cloudprovider,
      marketplace: row.x_ismarketplace,
      Tags: row.tags,
      SkuMeter: row.skumeter,
      owner: row.x_owner,
      shard: row.shard,
    }));
    const common = { ProviderName: 'AWS', cloud: 'aws', SkuMeter: null, owner: 'unassigned', shard: '7' };
    expect(rows.sort((one, other) => ((one.description ?? '') < (other.description ?? '') ? -1 : 1))).toEqual([
      {
        ...common,
        description: '1 breaks\nin "two", and a \\n stays',
        SubAccountId: '000123456789',
        BilledCost: '0.000000150000',
        ContractedCost: '5.000000000000',
        PricingQuantity: '1.000000000000',
        ChargePeriodStart: '2025-03-05 01:00:00',
        marketplace: 'true',
        Tags: '{"env":"a\\"b","path":"C:\\\\temp"}',
      },
      {
        ...common,
        description: '2 many decimals',
        SubAccountId: '000123456789',
        BilledCost: '0.123456789012',
        ContractedCost: null,
        PricingQuantity: null,
        ChargePeriodStart: '2025-03-05 02:00:00.5',
        marketplace: 'false',
        Tags: null,
      },
      {
        ...common,
        description: '3 offset',
        SubAccountId: '000123456789',
        BilledCost: '-12.000000000000',
        ContractedCost: '0.500000000000',
        PricingQuantity: '-3.000000000000',
        ChargePeriodStart: '2025-02-28 22:00:00',
        marketplace: null,
        Tags: '{}',
      },
      {
        ...common,
        description: '4 whole hours',
        SubAccountId: null,
        BilledCost: '1234567890123456.123456789013',
        ContractedCost: '0.000000000000',
        PricingQuantity: '0.000000000000',
        ChargePeriodStart: '2025-03-05 05:30:00',
        marketplace: null,
        Tags: '{"n":1.5}',
      },
      {
        ...common,
        description: '5 a day',
        SubAccountId: null,
        BilledCost: '0.000000000000',
        ContractedCost: '0.000000000000',
        PricingQuantity: '2.500000000000',
        ChargePeriodStart: '2025-03-06 00:00:00',
        marketplace: null,
        Tags: null,
      },
      {
        ...common,
        description: '6 another provider',
        SubAccountId: '000987654321',
        BilledCost: null,
        ContractedCost: '7.000000000000',
        PricingQuantity: null,
        ChargePeriodStart: '2025-03-31 23:00:00',
        ProviderName: 'Oracle Cloud',
        cloud: 'oci',
        marketplace: null,
        Tags: null,
      },
    ]);
  });

  test.each(['csv', 'csv.gz', 'parquet'])('%s measures to exact sums beside the rounded ones', async (ending) => {
    const measured = (await querying.measure(billOf(ending), '2025-03')).map((row) => {
      const { rounded, exact, nulls } = row.costs.BilledCost;
      return [row.SubAccountId, row.ProviderName, row.rows, rounded, exact, nulls];
    });
    const byExact = (one: readonly unknown[], other: readonly unknown[]) =>
      String(one[4]) < String(other[4]) ? -1 : 1;
    expect(measured.sort(byExact)).toEqual([
      ['000123456789', 'AWS', 3, '-11.876543060988', '-11.8765430609876543209876543', 0],
      ['000987654321', 'Oracle Cloud', 1, '0', '0', 1],
      // An empty id and the text NULL are two groups as delivered and one sub account as read.
      [null, 'AWS', 1, '0', '0.000000000000000000002067951531382569', 0],
      [null, 'AWS', 1, '1234567890123456.123456789013', '1234567890123456.1234567890126', 0],
    ]);
  });

  test('no other month of the bill is measured or split', async () => {
    expect(await querying.measure(billOf('csv'), '2025-02')).toEqual([]);
    expect(await querying.split(billOf('csv'), '2025-02')).toEqual([]);
  });
});

async function asParquet(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'dirty-'));
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  await connection.run(`COPY (${DIRTY_ROWS_AS_PARQUET}) TO '${folder}/a.parquet' (FORMAT parquet)`);
  connection.closeSync();
  database.closeSync();
  const bytes = readFileSync(join(folder, 'a.parquet'));
  rmSync(folder, { recursive: true });
  return bytes;
}
