import { DuckDBInstance } from '@duckdb/node-api';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { REQUIRED_COLUMNS } from '../../../lib/focus/columns.ts';
import { readValue } from '../../../lib/sources/focus/read-value.ts';
import { valueChecks } from '../../../lib/sources/focus/value-checks.ts';
import { parseMeasureRow } from '../../../lib/sources/measure-row.ts';
import { measureStatement } from '../../../lib/sources/measure-statement.ts';
import { MEASURING_MACROS } from './measuring-macros.ts';

/** Digits enough to add 10^16 and 10^-72 without rounding; not what the code under test computes with. */
const Exact = Decimal.clone({ precision: 200, toExpNeg: -200, toExpPos: 200 });

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
const sign = fc.constantFrom('', '-', '+');
/** Any amount a bill may deliver, in the forms that exports use. */
const amount = fc.oneof(
  fc.tuple(sign, digits(1, 16), digits(0, 12)).map(([s, whole, rest]) => `${s}${whole}.${rest}`),
  fc.tuple(sign, digits(1, 15), digits(13, 22)).map(([s, whole, rest]) => `${s}${whole}.${rest}`),
  fc.tuple(sign, digits(1, 1), digits(20, 36)).map(([s, whole, rest]) => `${s}${whole}.${rest}`),
  fc
    .tuple(sign, digits(1, 1), digits(1, 16), fc.integer({ min: -55, max: 12 }))
    .map(([s, whole, rest, e]) => `${s}${whole}.${rest}${e % 2 === 0 ? 'e' : 'E'}${e}`),
  fc
    .double({ min: -1e9, max: 1e9, noNaN: true })
    .filter((value) => value === 0 || Math.abs(value) > 1e-55)
    .map(String),
  fc.tuple(sign, digits(1, 5), fc.integer({ min: -60, max: -1 })).map(([s, whole, e]) => `${s}${whole}E${e}`),
  fc.constantFrom('', 'NULL', '0', '-0', '.5', '5.', '5E-25', '0E-60'),
);

describe('the control totals of any bill', () => {
  let database: DuckDBInstance;
  const columns = REQUIRED_COLUMNS.map((name) => ({ name, type: 'VARCHAR' }));
  beforeAll(async () => {
    database = await DuckDBInstance.create(':memory:', { threads: '1' });
  });
  afterAll(() => database.closeSync());

  test('are the exact sums of the delivered texts, and the sums of each text rounded to 12 decimals half away from zero', async () => {
    const connection = await database.connect();
    for (const macro of MEASURING_MACROS) await connection.run(macro);
    const tooMany = valueChecks(columns).filter(
      ({ column, expected }) => column === 'BilledCost' && /decimals/.test(expected),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 40 }), async (amounts) => {
        await connection.run(
          'CREATE OR REPLACE TABLE bill AS SELECT * FROM (VALUES ' +
            amounts.map((text) => `('${text}', 'USD', '2025-03-01', 'Usage', '2025-03-01', '0', '0', '0')`).join(', ') +
            `) t(${REQUIRED_COLUMNS.join(', ')})`,
        );
        const refused = await connection.runAndReadAll(`SELECT BilledCost FROM bill WHERE ${tooMany[0]?.bad}`);
        expect(refused.getRowsJson()).toEqual([]);
        const answer = await connection.runAndReadAll(
          measureStatement({ bill: { columns }, tableName: 'bill', period: BillingPeriod.parse('2025-03') }),
        );
        const [row = {}] = answer
          .getRowObjectsJson()
          .map((cells) =>
            Object.fromEntries(
              Object.entries(cells).map(([name, cell]) => [name, cell === null ? null : String(cell)]),
            ),
          );
        const numbers = amounts.filter((text) => text !== '' && text !== 'NULL').map((text) => new Exact(text));
        const sum = (values: readonly Decimal[]) =>
          values.reduce((total, value) => total.plus(value), new Exact(0)).toFixed();
        expect(parseMeasureRow(row).costs.BilledCost).toEqual({
          rounded: sum(numbers.map((value) => value.toDecimalPlaces(12, Decimal.ROUND_HALF_UP))).replace(/^-0$/, '0'),
          exact: sum(numbers).replace(/^-0$/, '0'),
          nulls: amounts.length - numbers.length,
        });
        const split = await connection.runAndReadAll(
          `SELECT CAST(sum(${readValue({ name: 'BilledCost', type: 'VARCHAR' }, 'number')}) AS VARCHAR) FROM bill`,
        );
        const [[splitSum] = []] = split.getRowsJson();
        expect(new Exact(String(splitSum ?? 0)).equals(parseMeasureRow(row).costs.BilledCost.rounded)).toBe(true);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
