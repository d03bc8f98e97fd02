import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Condition } from '../../../lib/domain/condition.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { compileCondition } from '../../../lib/rules/conditions/compile-condition.ts';
import { matchesCondition } from '../../../lib/rules/conditions/matches-condition.ts';
import { subjectsOf } from '../../../lib/rules/conditions/subjects.ts';
import { identifiers } from '../../../lib/sql/identifiers.ts';
import { join, sql } from '../../../lib/sql/sql.ts';
import { deliver, inMemory, openForRules, type RowOfTest } from './delivered-table.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { anyFilter, anyRow } from './random-filters.ts';

describe('A filter', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  /** The answer of each filter on each delivered row, as DuckDB gives it: 'true', 'false', or null for neither. */
  async function answers(filters: readonly Condition[]) {
    const subjects = subjectsOf(filters);
    const name = identifiers(filters.map((_, at) => `f${at}`));
    const columns = filters.map((filter, at) => sql`${compileCondition(filter, subjects)} AS ${name(`f${at}`)}`);
    return await database.rows(
      sql`SELECT "x_RowId", ${columns} FROM (SELECT ${[sql`delivered.*`, ...subjects.computed]} FROM delivered) AS subjects ORDER BY CAST("x_RowId" AS INTEGER)`
        .text,
    );
  }

  test('means in SQL what it means in memory, on every row, and is never null', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFilter, { minLength: 1, maxLength: 12 }),
        fc.array(anyRow, { minLength: 1, maxLength: 20 }),
        async (filters, rows) => {
          await deliver(
            database,
            rows.map((row, at) => ({ ...row, x_RowId: String(at) })),
          );
          const expected = rows.map((row, at) => ({
            x_RowId: String(at),
            ...Object.fromEntries(
              filters.map((filter, of) => [`f${of}`, String(matchesCondition(filter, inMemory(row)))]),
            ),
          }));
          expect(await answers(filters)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  test.each(['in', 'startsWith', 'contains', 'wildcard'])(
    '`%s` on a null value or an absent tag is false, and its not is true',
    async (op) => {
      await deliver(database, [{ x_RowId: '1', Tags: { other: 'a' } }]);
      const leaves = [
        { field: 'ServiceName', op, values: ['a'] },
        { field: 'Tags', key: 'env', op, values: ['a'] },
      ];
      const filters = leaves.flatMap((leaf) => [leaf, { not: leaf }]).map((filter) => Condition.parse(filter));
      expect(await answers(filters)).toMatchObject([{ f0: 'false', f1: 'true', f2: 'false', f3: 'true' }]);
    },
  );

  test('`notIn` and `notExists` on a null value are true, `exists` is false', async () => {
    await deliver(database, [{ x_RowId: '1', Tags: null }]);
    const leaves = [
      { field: 'ServiceName', op: 'notIn', values: ['a'] },
      { field: 'Tags', key: 'env', op: 'notExists' },
      { field: 'Tags', key: 'env', op: 'exists' },
    ];
    expect(await answers(leaves.map((leaf) => Condition.parse(leaf)))).toMatchObject([
      { f0: 'true', f1: 'true', f2: 'false' },
    ]);
  });

  test('only ids ignore the case of ASCII letters, and only of those', async () => {
    await deliver(database, [{ x_RowId: '1', ResourceId: 'Arn:É', ServiceName: 'Arn:É' }]);
    const leaf = (field: string, op: string, value: string) => Condition.parse({ field, op, values: [value] });
    const filters = [
      leaf('ResourceId', 'in', 'aRN:É'),
      leaf('ResourceId', 'wildcard', 'ARN*'),
      leaf('ResourceId', 'startsWith', 'arn'),
      leaf('ResourceId', 'in', 'arn:é'),
      leaf('ServiceName', 'in', 'arn:É'),
      leaf('ServiceName', 'in', 'Arn:É'),
    ];
    expect(await answers(filters)).toMatchObject([
      { f0: 'true', f1: 'true', f2: 'true', f3: 'false', f4: 'false', f5: 'true' },
    ]);
  });

  test('a wildcard is the whole value, line breaks included, and nothing but the star is special', async () => {
    const cases: readonly [value: string, wildcard: string, holds: boolean][] = [
      ['a\nb', 'a*b', true],
      ['ab', 'a*b', true],
      ['xab', 'a*b', false],
      ['abx', 'a*b', false],
      ['a%b', 'a%b', true],
      ['axb', 'a%b', false],
      ['axb', 'a_b', false],
      ['a.b', 'a.b', true],
      ['axb', 'a.b', false],
      ['', '*', true],
      ['\n', '*', true],
      ['aba', 'ab*ba', false],
      ['a', '', false],
    ];
    await deliver(
      database,
      cases.map(([ServiceName], at) => ({ x_RowId: String(at), ServiceName })),
    );
    const rows = await answers(
      cases.map(([, wildcard]) => Condition.parse({ field: 'ServiceName', op: 'wildcard', values: [wildcard] })),
    );
    expect(cases.map((_, at) => rows[at]?.[`f${at}`])).toEqual(cases.map(([, , holds]) => String(holds)));
  });

  test('a wildcard of forty stars over a long value takes no time', async () => {
    await deliver(database, [{ x_RowId: '1', ServiceName: 'a'.repeat(4_000) }]);
    const filter = Condition.parse({ field: 'ServiceName', op: 'wildcard', values: [`${'*a'.repeat(40)}*b`] });
    const before = performance.now();
    expect(await answers([filter])).toMatchObject([{ f0: 'false' }]);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('finds each of a hundred hostile texts as a value, and no other row', async () => {
    expect(new Set(HOSTILE_TEXTS).size).toBeGreaterThanOrEqual(100);
    const rows: RowOfTest[] = HOSTILE_TEXTS.map((text, at) => ({
      x_RowId: String(at),
      ServiceName: text,
      Tags: { [`k${text}`]: text },
    }));
    await deliver(database, rows);
    const found = async (leafOf: (text: string) => unknown) => {
      const filters = HOSTILE_TEXTS.map((text) => Condition.parse(leafOf(text)));
      const subjects = subjectsOf(filters);
      const hits = join(
        filters.map((filter, at) => sql`CASE WHEN ${compileCondition(filter, subjects)} THEN ${`${at},`} ELSE '' END`),
        ' || ',
      );
      const statement = sql`SELECT "x_RowId", ${hits} AS hits FROM (SELECT ${[sql`delivered.*`, ...subjects.computed]} FROM delivered) AS s ORDER BY CAST("x_RowId" AS INTEGER)`;
      return await database.rows(statement.text);
    };
    const once = HOSTILE_TEXTS.map((_, at) => ({ x_RowId: String(at), hits: `${at},` }));
    expect(await found((text) => ({ field: 'ServiceName', op: 'in', values: [text] }))).toEqual(once);
    expect(await found((text) => ({ field: 'Tags', key: `k${text}`, op: 'in', values: [text] }))).toEqual(once);
    const whole = (
      await found((text) => ({ all: [{ field: 'ServiceName', op: 'wildcard', values: [text.replaceAll('*', '')] }] }))
    ).map(({ hits }) => hits);
    expect(whole).toEqual(HOSTILE_TEXTS.map((text, at) => (text.includes('*') ? '' : `${at},`)));
  });

  test('of a thousand values in two hundred leaves still runs', async () => {
    await deliver(database, [{ x_RowId: '1', ServiceName: 'x' }]);
    const leaves = Array.from({ length: 200 }, (_, at) => ({
      field: 'ServiceName',
      op: 'startsWith',
      values: Array.from({ length: 5 }, (_, of) => `v${at}-${of}`),
    }));
    expect(await answers([Condition.parse({ any: leaves })])).toMatchObject([{ f0: 'false' }]);
  });
});
