import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckdb } from '../../../../lib/adapters/duckdb/open-duckdb.ts';
import type { Database } from '../../../../lib/ports/database.ts';

const folder = mkdtempSync(join(tmpdir(), "o'duck-"));
let database: Database;
beforeAll(async () => {
  database = await openDuckdb({ folder, memoryMegabytes: 300, threads: 1 });
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test('values come as text, to the last digit', async () => {
  expect(
    await database.rows(`SELECT CAST('12345678901234567890.123456789012345678' AS DECIMAL(38,18)) AS money,
      9007199254740993 AS big, TIMESTAMP '2025-03-01 01:02:03.5' AS time, NULL AS nothing, 'a' AS text, true AS yes`),
  ).toEqual([
    {
      money: '12345678901234567890.123456789012345678',
      big: '9007199254740993',
      time: '2025-03-01 01:02:03.5',
      nothing: null,
      text: 'a',
      yes: 'true',
    },
  ]);
});

test('text that begins with a byte order mark keeps it', async () => {
  const [row] = await database.rows(`SELECT '\uFEFF' AS short, '\uFEFF' || repeat('x', 20) AS long`);
  expect(row).toEqual({ short: '\uFEFF', long: `\uFEFF${'x'.repeat(20)}` });
});

test('files in its folder can be written and read', async () => {
  const path = join(folder, 'x.parquet').replaceAll("'", "''");
  await database.run(`COPY (SELECT 1 AS one) TO '${path}' (FORMAT parquet)`);
  expect(await database.rows(`SELECT one FROM '${path}'`)).toEqual([{ one: '1' }]);
});

test.each([
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM read_text('/proc/self/environ')",
  "COPY (SELECT 1) TO '/tmp/outside.csv'",
  "ATTACH '/tmp/outside.db'",
  "SELECT * FROM read_parquet('http://127.0.0.1:1/x.parquet')",
  'INSTALL httpfs',
  'LOAD httpfs',
  'SET enable_external_access = true',
  "SET allowed_directories = ['/']",
])('nothing outside of its folder can be reached: %s', async (statement) => {
  await expect(database.run(statement)).rejects.toThrow();
});

test('times are UTC', async () => {
  expect(await database.rows("SELECT CAST(TIMESTAMPTZ '2025-03-01 02:00:00+02' AS VARCHAR) AS t")).toEqual([
    { t: '2025-03-01 00:00:00+00' },
  ]);
});

test('Trino’s names mean what Trino means', async () => {
  expect(
    await database.rows(`SELECT element_at(MAP {'a': 'x'}, 'a') AS found, element_at(MAP {'a': 'x'}, 'b') AS absent,
      regexp_like('abc', 'b') AS likes, split_part('a.b', '.', 3) AS beyond,
      CAST(from_iso8601_timestamp('2025-03-01T02:00:00+02:00') AT TIME ZONE 'UTC' AS VARCHAR) AS moment`),
  ).toEqual([{ found: 'x', absent: null, likes: 'true', beyond: null, moment: '2025-03-01 00:00:00' }]);
});

test('more than its memory spills into its folder and leaves nothing there', async () => {
  const [answer] = await database.rows(
    'SELECT count(*) AS n FROM (SELECT range AS a, repeat(CAST(range AS VARCHAR), 20) AS b FROM range(3000000) ORDER BY b DESC, a)',
  );
  expect(answer).toEqual({ n: '3000000' });
  expect(readdirSync(folder).filter((name) => name !== 'spill' && name !== 'x.parquet')).toEqual([]);
}, 60_000);
