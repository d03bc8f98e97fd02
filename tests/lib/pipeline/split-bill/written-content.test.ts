import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { COST_COLUMNS, REQUIRED_COLUMNS } from '../../../../lib/focus/columns.ts';
import { writtenContentSum } from '../../../../lib/pipeline/split-bill/written-content.ts';
import { CONTENT_COLUMNS } from '../../../../lib/sources/content-columns.ts';
import { focusRow } from '../../../../lib/sources/focus/focus-row.ts';
import { parseMeasureRow } from '../../../../lib/sources/measure-row.ts';
import { measureStatement } from '../../../../lib/sources/measure-statement.ts';
import { literal } from '../../../../lib/sql/literal.ts';
import { MEASURING_MACROS } from '../../sources/measuring-macros.ts';

const NAMES = [...new Set([...REQUIRED_COLUMNS, ...CONTENT_COLUMNS])];
const columns = NAMES.map((name) => ({ name, type: 'VARCHAR' }));

/** Times in every form that ConvertFiles lets pass. */
const time = fc
  .tuple(
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom('day', 'T', ' '),
    fc.constantFrom('', ':07', ':59.999', ':30.123456'),
    fc.constantFrom('', 'Z', ' UTC', '+02:00', '-05:30', '+09', '-11'),
  )
  .map(([day, hour, minute, between, seconds, zone]) => {
    const two = (number: number) => String(number).padStart(2, '0');
    if (between === 'day') return `2025-03-${two(day)}`;
    // DuckDB knows no offset behind a minute: what Athena reads of such a bill, this machine refuses.
    const fraction = /^[+-]/.test(zone) ? (seconds || ':00').slice(0, 7) : seconds;
    return `2025-03-${two(day)}${between}${two(hour)}:${two(minute)}${fraction}${zone}`;
  });
const text = fc.oneof(
  fc.constantFrom('', 'NULL', ' ', '|', 'null', "O'Brien", 'Amazon EC2', '表', '\u{1F600}', 'a\tb', '-', '+02:00'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => value.isWellFormed() && !value.includes('\0')),
);
const cost = fc.constantFrom('0', '-0', '1.25', '1.5E-7', '-3', '0.0000000000005', '12345678.123456789012', '', 'NULL');
const row = fc.record(
  Object.fromEntries(
    NAMES.map((name) => {
      if (name === 'BillingCurrency') return [name, fc.constant('USD')];
      if (name === 'BillingPeriodStart') return [name, fc.constant('2025-03-01')];
      if (name === 'ChargePeriodStart') return [name, time];
      return [name, (COST_COLUMNS as readonly string[]).includes(name) ? cost : text];
    }),
  ),
);

describe('what delivered rows say and what written rows say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'content-'));
  const path = join(folder, 'rows.parquet');
  let [athena, worker] = [] as unknown as [DuckDBConnection, DuckDBConnection];
  const instances: DuckDBInstance[] = [];
  const open = async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    instances.push(instance);
    return await instance.connect();
  };

  beforeAll(async () => {
    [athena, worker] = [await open(), await open()];
    for (const macro of MEASURING_MACROS) await athena.run(macro);
    await athena.run("SET TimeZone = 'UTC'");
  });
  afterAll(() => {
    for (const instance of instances) instance.closeSync();
    rmSync(folder, { recursive: true });
  });

  const measured = async (rows: readonly Readonly<Record<string, string>>[]) => {
    const values = rows.map((cells) => `(${NAMES.map((name) => literal(cells[name] ?? '')).join(', ')})`);
    await athena.run(
      `CREATE OR REPLACE TABLE bill AS SELECT * FROM (VALUES ${values.join(', ')}) t(${NAMES.join(', ')})`,
    );
    const statement = measureStatement({
      bill: { columns },
      tableName: 'bill',
      period: BillingPeriod.parse('2025-03'),
    });
    const [cells = {}] = (await athena.runAndReadAll(statement)).getRowObjectsJson();
    const texts = Object.entries(cells).map(([name, cell]) => [name, cell === null ? null : String(cell)]);
    return parseMeasureRow(Object.fromEntries(texts)).content;
  };
  const written = async () => {
    const normalised = [...focusRow(columns)].map(([name, expression]) => `${expression} AS "${name}"`);
    await athena.run(`COPY (SELECT ${normalised.join(', ')} FROM bill) TO ${literal(path)} (FORMAT parquet)`);
    const select = `SELECT CAST(${writtenContentSum()} AS VARCHAR) FROM read_parquet(${literal(path)}) AS r`;
    const [[content] = []] = (await worker.runAndReadAll(select)).getRowsJson();
    return content;
  };

  test('are the same, whatever forms the bill writes its times, texts and costs in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const content = await measured(rows);
        expect(await written()).toBe(content);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test.each(CONTENT_COLUMNS)('are others where one row’s %s is another’s', async (name) => {
    const good = {
      BillingCurrency: 'USD',
      BillingPeriodStart: '2025-03-01',
      ChargePeriodStart: '2025-03-02',
      BilledCost: '1',
    };
    const bill = [
      { ...good, [name]: 'one' },
      { ...good, [name]: 'two' },
    ];
    const doubled = [
      { ...good, [name]: 'two' },
      { ...good, [name]: 'two' },
    ];
    expect(await measured(bill)).toBe(await measured([...bill].reverse()));
    expect(await measured(bill)).not.toBe(await measured(doubled));
  });

  test('are others where one row’s hour is another’s', async () => {
    const good = { BillingCurrency: 'USD', BillingPeriodStart: '2025-03-01', BilledCost: '1' };
    const hours = (...starts: readonly string[]) =>
      measured(starts.map((ChargePeriodStart) => ({ ...good, ChargePeriodStart })));
    const [bill, doubled] = [
      await hours('2025-03-02T04:00:00Z', '2025-03-02T05:00:00Z'),
      await hours('2025-03-02T05:00:00Z', '2025-03-02T05:00:00Z'),
    ];
    expect(bill).not.toBe(doubled);
    expect(bill).toBe(await hours('2025-03-02 06:00:00+01', '2025-03-01T23:00:00-05:00'));
  });
});
