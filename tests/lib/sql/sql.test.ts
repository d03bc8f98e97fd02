import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../lib/ports/database.ts';
import { caseWhen } from '../../../lib/sql/case-when.ts';
import { CHARGED_MONEY, decimalLiteral, FACTOR } from '../../../lib/sql/decimal-literal.ts';
import { foldAsciiCase, foldedAsciiCase } from '../../../lib/sql/fold-case.ts';
import { identifiers } from '../../../lib/sql/identifiers.ts';
import { literal } from '../../../lib/sql/literal.ts';
import { join, sql } from '../../../lib/sql/sql.ts';
import { startOfDay } from '../../../lib/sql/timestamp-literal.ts';
import { openForRules } from '../rules/delivered-table.ts';
import { HOSTILE_TEXTS } from '../rules/hostile-texts.ts';

describe('A value in SQL', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test.each(HOSTILE_TEXTS)('%j is only ever a value', async (text) => {
    const statement = sql`SELECT ${text} = chr(65279) AS is_mark, ${text} AS value, ${text} || 'end' AS ended`;
    expect(statement.text.startsWith(`SELECT ${literal(text)} = chr`)).toBe(true);
    const [row] = await database.rows(statement.text);
    // The driver's decoder takes a byte order mark at the start of a text for its own.
    if (text === '\uFEFF') expect(row?.is_mark).toBe('true');
    else expect(row).toMatchObject({ value: text, ended: `${text}end` });
  });

  test('with U+0000 or half a surrogate pair is refused', () => {
    expect(() => literal('a\u0000b')).toThrow('U+0000');
    expect(() => literal('\uD83D')).toThrow('surrogate');
  });

  test('that is a number is written only as an integer', () => {
    expect(sql`${42}`.text).toBe('42');
    expect(() => sql`${0.1}`).toThrow('not an integer');
    expect(() => sql`${Number.NaN}`).toThrow('not an integer');
  });

  test('that is a decimal keeps every digit and is refused where it has too many', async () => {
    expect(decimalLiteral('1.0575', FACTOR).text).toBe("CAST('1.0575' AS DECIMAL(10,6))");
    const [row] = await database.rows(
      sql`SELECT ${decimalLiteral('-12345678901234567890.123456789012345678', CHARGED_MONEY)} AS x`.text,
    );
    expect(row?.x).toBe('-12345678901234567890.123456789012345678');
    for (const text of ['1.0000001', '12345', '1e3', '', '.5', '5.', '+1', '1,5', "1' --"])
      expect(() => decimalLiteral(text, FACTOR), text).toThrow('is not a DECIMAL(10,6)');
  });
});

describe('A fragment', () => {
  test('nests in another as SQL, and a list of them with commas', () => {
    const condition = sql`${sql`a`} = ${"O'Brien"}`;
    expect(sql`SELECT ${[sql`a`, sql`b`]} WHERE ${condition}`.text).toBe("SELECT a, b WHERE a = 'O''Brien'");
    expect(join([sql`a`, sql`b`], ' OR ').text).toBe('a OR b');
  });

  test('names columns of a closed list, and nothing else', () => {
    const column = identifiers<string>(['ServiceName']);
    expect(column('ServiceName').text).toBe('"ServiceName"');
    expect(() => column('servicename')).toThrow('is not a column here');
    expect(() => column('x" FROM secrets --')).toThrow('is not a column here');
    expect(() => identifiers(['x"y'])).toThrow('cannot be a column');
  });

  test('of a CASE is flat, and just the rest where there is no branch', () => {
    expect(caseWhen([], sql`1`).text).toBe('1');
    const branches = [1, 2].map((value) => ({ when: sql`x = ${value}`, value: sql`${value}` }));
    expect(caseWhen(branches, sql`0`).text.replaceAll(/\s+/g, ' ')).toBe(
      'CASE WHEN x = 1 THEN 1 WHEN x = 2 THEN 2 ELSE 0 END',
    );
  });

  test('of a day is its first instant', () => {
    expect(startOfDay('2025-03-01').text).toBe("CAST('2025-03-01 00:00:00.000' AS TIMESTAMP)");
    expect(() => startOfDay("2025-03-01' --")).toThrow('is not a day');
  });
});

describe('The case of letters', () => {
  test('is folded alike in SQL and in memory, and of ASCII letters only', async () => {
    const database = await openForRules();
    const texts = HOSTILE_TEXTS.filter((text) => text !== '\uFEFF');
    const folded = texts.map((text, at) => sql`SELECT ${at} AS place, ${foldAsciiCase(sql`${text}`)} AS folded`);
    const rows = await database.rows(`${join(folded, ' UNION ALL ').text} ORDER BY place`);
    expect(rows.map((row) => row.folded)).toEqual(texts.map(foldedAsciiCase));
    expect(foldedAsciiCase('AbÉ')).toBe('abÉ');
    database.close();
  });
});
