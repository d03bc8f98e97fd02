import { globSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { AnswerMemory, forgetUnused } from '../answer-memory.ts';
import { compareStatement } from './compare-statement.ts';
import type { Trino, TrinoAnswer } from './trino-client.ts';
import { trinoEngine } from './trino-engine.ts';
import { type Compared, twoEngines } from './two-engines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apportion-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const memoryOf = (version = '435') => new AnswerMemory(join(folder, 'answers'), version);
const entries = () => globSync(join(folder, 'answers/*'));

/** Answers every SELECT with this row, and writes down what it was told. */
function trinoThatSays(row: readonly string[], columns: TrinoAnswer['columns']): { trino: Trino; told: string[] } {
  const told: string[] = [];
  const trino: Trino = async (sql) => {
    told.push(sql);
    return sql.startsWith('SELECT')
      ? { columns, rows: [row], updateCount: 0 }
      : { columns: [], rows: [], updateCount: 0 };
  };
  return { trino, told };
}

describe('a bill priced on two engines', () => {
  const COLUMNS = [
    { name: 'x_rowid', type: 'varchar' },
    { name: 'cost', type: 'decimal(38,18)' },
  ];
  const BILL = { rowId: 'row-1', cost: '1.5', rate: '2', ledger: 'cost' };

  /** Prices it by a statement over a table that a statement made; returns what Trino was told and the differences. */
  async function price({ rowId, cost, rate, ledger } = BILL, memory = memoryOf()) {
    const { trino, told } = trinoThatSays(['row-1', '3.000000000000000000'], COLUMNS);
    const compared: Compared = { statements: 0, rows: 0, differences: [] };
    const duckdb = await openDuckdb({ folder, memoryMegabytes: 256, threads: 1 });
    const database = twoEngines(duckdb, { trino, memory, folder, compared });
    const columns = '"x_RowId" VARCHAR, cost DECIMAL(38,18)';
    try {
      await database.run(`CREATE OR REPLACE TABLE delivered (${columns})`);
      await database.run(`INSERT INTO delivered VALUES ('${rowId}', ${cost})`);
      const amount = `CAST(cost * ${rate} AS DECIMAL(38,18)) AS cost`;
      await database.run(`CREATE OR REPLACE TABLE priced AS SELECT "x_RowId", ${amount} FROM delivered`);
      const cost18 = `CAST(${ledger} AS DECIMAL(38,18)) AS cost`;
      await database.run(`CREATE OR REPLACE TABLE ledger AS SELECT "x_RowId", ${cost18} FROM priced`);
    } finally {
      database.close();
    }
    const { differences } = compared;
    const said = told.map((sql) =>
      sql.replace(/ (IF NOT EXISTS .*|\(.*|AS [\s\S]*)$/, '').replace('SELECT * FROM', 'SELECT'),
    );
    return { told: said, differences, ...memory.answered };
  }

  test('is asked once: the second time nothing is said to Trino', async () => {
    expect(await price()).toMatchObject({ differences: [], asked: 2, remembered: 0 });
    expect(await price()).toEqual({ told: [], differences: [], asked: 0, remembered: 2 });
  });

  test('is asked again where a statement, a byte of the data or the version is another', async () => {
    await price();
    for (const other of [
      { ...BILL, rate: '2.0' },
      { ...BILL, cost: '1.6' },
      { ...BILL, rowId: 'row-2' },
    ])
      expect(await price(other)).toMatchObject({ asked: 2, remembered: 0 });
    expect(await price(BILL, memoryOf('436'))).toMatchObject({ asked: 2, remembered: 0 });
    expect(await price()).toMatchObject({ asked: 0, remembered: 2 });
  });

  test('has the tables made that a new statement reads, though their rows are remembered', async () => {
    await price();
    expect(await price({ ...BILL, ledger: 'cost + 0' })).toEqual({
      told: ['CREATE SCHEMA', 'CREATE TABLE delivered', 'CREATE TABLE priced', 'CREATE TABLE ledger', 'SELECT ledger'],
      ...{ differences: [], asked: 1, remembered: 1 },
    });
  });

  test('is found to differ by a wrong digit in memory', async () => {
    await price();
    for (const path of entries())
      writeFileSync(path, readFileSync(path, 'utf8').replace('3.000000000000000000', '3.000000000000000001'));
    const { differences, told } = await price();
    expect(told).toEqual([]);
    expect(differences).toEqual([
      expect.stringContaining('priced: 1 / 1 rows'),
      expect.stringContaining('ledger: 1 / 1 rows'),
    ]);
  });
});

describe('a statement of the pipeline', () => {
  const SQL = "SELECT CAST('1.10' AS DECIMAL(10,2)) AS BilledCost";
  const compare = async (memory: AnswerMemory, sql = SQL) => {
    const { trino, told } = trinoThatSays(['1.10'], [{ name: 'BilledCost', type: 'decimal(10, 2)' }]);
    return { differences: await compareStatement(sql, trinoEngine(trino, memory)), told };
  };

  test('is asked once, and again where it is another', async () => {
    expect(await compare(memoryOf())).toEqual({ differences: [], told: [expect.any(String), SQL] });
    expect(await compare(memoryOf())).toEqual({ differences: [], told: [] });
    expect((await compare(memoryOf(), `${SQL} `)).told).toHaveLength(2);
  });

  test('is asked again where its entry is half there', async () => {
    await compare(memoryOf());
    for (const path of entries()) writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
    expect((await compare(memoryOf())).told).toHaveLength(2);
    expect((await compare(memoryOf())).told).toEqual([]);
  });

  test('is forgotten when a whole run has not asked it', async () => {
    await compare(memoryOf());
    await compare(memoryOf(), `${SQL} `);
    const began = Date.now();
    for (const path of entries()) utimesSync(path, (began - 1000) / 1000, (began - 1000) / 1000);
    await compare(memoryOf());
    forgetUnused(join(folder, 'answers'), began - 500);
    expect(entries()).toHaveLength(1);
    expect((await compare(memoryOf())).told).toEqual([]);
  });
});
