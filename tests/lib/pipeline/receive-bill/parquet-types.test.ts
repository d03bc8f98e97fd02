import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Querying } from './querying.ts';
import { Refused, receivingBills } from './receiving.ts';

describe('delivered Parquet', () => {
  const begin = receivingBills();
  const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  let querying: Querying;
  beforeAll(async () => {
    querying = await Querying.start(begin());
  });
  afterAll(async () => {
    await querying.close();
    rmSync(folder, { recursive: true });
  });

  test('an AWS export with DOUBLE costs, map tags and a time zone is read where it lies', async () => {
    const bill = await begin().receiveFile('acme/aws.parquet', await parquet({}));
    expect(bill.files[0]).toMatchObject({ bucket: 'landing', key: 'acme/aws.parquet', ofText: false, rows: 2 });
    const [measured] = await querying.measure(bill, '2025-03');
    expect(measured?.costs.BilledCost).toEqual({ rounded: '0.3', exact: '0.30000000000000004', nulls: 0 });
    const [row] = await querying.split(bill, '2025-03');
    expect(row).toMatchObject({
      tags: '{"env":"prod"}',
      chargeperiodstart: '2025-03-02 03:00:00',
      subaccountid: '12345',
    });
  });

  test('types that the engines read differently are written anew as text', async () => {
    const bill = await begin().receiveFile(
      'acme/odd.parquet',
      await parquet({
        ContractedCost: 'CAST(0.1 AS FLOAT)',
        SubAccountId: 'CAST(12345 AS UINTEGER)',
        Tags: "{'env': 'prod', 'team': 7}",
      }),
    );
    expect(bill.files[0]).toMatchObject({ bucket: 'lake', sourceKey: 'acme/odd.parquet', ofText: true });
    const [row] = await querying.split(bill, '2025-03');
    expect(row).toMatchObject({ subaccountid: '12345', tags: '{"env":"prod","team":7}' });
    expect(row).toMatchObject({ contractedcost: '0.100000000000' });
  });

  test('exact decimals keep every digit they have', async () => {
    const cost = "CAST('12345678.123456789012345678' AS DECIMAL(38,18))";
    const bill = await begin().receiveFile('acme/decimal.parquet', await parquet({ BilledCost: cost }));
    const [measured] = await querying.measure(bill, '2025-03');
    expect(measured?.costs.BilledCost).toEqual({
      rounded: '24691356.246913578024',
      exact: '24691356.246913578024691356',
      nulls: 0,
    });
  });

  test.each([
    ["CAST('NaN' AS DOUBLE)", 'nan'],
    ["CAST('Infinity' AS DOUBLE)", 'inf'],
    ['true', 'true'],
  ])('a cost of %s is refused by row and column', async (cost, value) => {
    const bytes = await parquet({ BilledCost: `CASE WHEN row = 2 THEN ${cost} END` });
    const refusal = {
      code: 'value_unreadable',
      details: { file: 'acme/nan.parquet', row: 2, column: 'BilledCost', value },
    };
    await expect(begin().receiveFile('acme/nan.parquet', bytes)).rejects.toMatchObject({ problem: refusal });
  });

  test('a file that is cut off is refused by name, without our paths', async () => {
    const bytes = await parquet({});
    const error = await begin()
      .receiveFile('acme/cut.parquet', bytes.subarray(0, bytes.length - 100))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ problem: { code: 'file_unreadable', details: { file: 'acme/cut.parquet' } } });
    expect(String(error)).not.toContain(tmpdir());
  });

  test('a required column that is gone is refused by name', async () => {
    const refusal = { code: 'required_column_missing', details: { file: 'acme/x.parquet', column: 'EffectiveCost' } };
    const bytes = await parquet({ EffectiveCost: undefined });
    await expect(begin().receiveFile('acme/x.parquet', bytes)).rejects.toMatchObject({ problem: refusal });
  });

  /** Two rows as AWS exports them; each column's expression may be replaced or, undefined, left out. */
  async function parquet(changes: Readonly<Record<string, string | undefined>>): Promise<Buffer> {
    const columns: Readonly<Record<string, string | undefined>> = {
      BilledCost: 'CASE WHEN row = 1 THEN CAST(0.1 AS DOUBLE) ELSE CAST(0.2 AS DOUBLE) + 4e-17 END',
      BillingCurrency: "'USD'",
      BillingPeriodStart: "TIMESTAMPTZ '2025-03-01 00:00:00+00'",
      ChargeCategory: "'Usage'",
      ChargePeriodStart: "TIMESTAMPTZ '2025-03-02 04:00:00+01'",
      ContractedCost: 'CAST(1e-7 AS DOUBLE)',
      EffectiveCost: 'CAST(0 AS DOUBLE)',
      ListCost: 'CAST(0 AS DOUBLE)',
      SubAccountId: 'CAST(12345 AS BIGINT)',
      Tags: "MAP {'env': 'prod'}",
      ...changes,
    };
    const list = Object.entries(columns).flatMap(([name, expression]) =>
      expression ? [`${expression} AS ${name}`] : [],
    );
    const path = join(folder, 'x.parquet');
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(`COPY (SELECT ${list.join(', ')} FROM range(1, 3) t(row)) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    database.closeSync();
    return readFileSync(path);
  }
});
