import { describe, expect, test } from 'vitest';
import { athenaScene } from './athena.scene.ts';

const athena = athenaScene();

/** Rows of the portable SQL table, each with the value and the type that Trino 435 gave. */
const EXPRESSIONS: Readonly<Record<string, readonly (readonly [sql: string, value: string | null, type: string])[]>> = {
  'decimals keep every digit': [
    ["CAST('1.5' AS DECIMAL(28,12)) * CAST('1.0575' AS DECIMAL(10,6))", '1.586250000000000000', 'decimal(38,18)'],
    [
      "CAST('1.5' AS DECIMAL(38,18)) * CAST('1.5' AS DECIMAL(38,18))",
      '2.250000000000000000000000000000000000',
      'decimal(38,36)',
    ],
    ["CAST('1.1' AS DECIMAL(10,2)) + CAST('1.000001' AS DECIMAL(12,6))", '2.100001', 'decimal(15,6)'],
    ["-CAST('1.1' AS DECIMAL(28,12))", '-1.100000000000', 'decimal(28,12)'],
    ["CAST('1.5' AS DECIMAL(28,12)) * 1.0575", '1.5862500000000000', 'decimal(33,16)'],
    ['1.0575', '1.0575', 'decimal(5,4)'],
    ["DECIMAL '1.0575'", '1.0575', 'decimal(5,4)'],
    ["CAST('1.0575' AS DECIMAL(10,6))", '1.057500', 'decimal(10,6)'],
    ["CAST(CAST('-1.005' AS DECIMAL(28,12)) AS DECIMAL(28,2))", '-1.01', 'decimal(28,2)'],
    ["CAST(CAST('2.5' AS DECIMAL(10,1)) AS bigint)", '3', 'bigint'],
    ["TRY_CAST(CAST('123.45' AS DECIMAL(10,2)) AS DECIMAL(4,2))", null, 'decimal(4,2)'],
    ["CAST('0.0000000000005' AS DECIMAL(28,12))", '0.000000000001', 'decimal(28,12)'],
    ["CAST('1E-7' AS DECIMAL(28,12))", '0.000000100000', 'decimal(28,12)'],
    ['CAST(CAST(1.005e0 AS varchar) AS DECIMAL(10,2))', '1.01', 'decimal(10,2)'],
    ["CAST(CAST('1.50' AS DECIMAL(10,2)) AS varchar)", '1.50', 'varchar'],
  ],
  'text, NULL and regular expressions': [
    ["coalesce('a' || NULL, 'none')", 'none', 'varchar'],
    ["coalesce(concat('a', NULL), 'none')", 'none', 'varchar'],
    ['greatest(1, NULL)', null, 'integer'],
    ['2 NOT IN (1, NULL)', null, 'boolean'],
    ["nullif('a', 'a')", null, 'varchar'],
    ["'' IS NULL", 'false', 'boolean'],
    ["lower('É')", 'é', 'varchar'],
    ["chr(65279) || 'id'", '\uFEFFid', 'varchar'],
    ["length('𝄞☃')", '2', 'bigint'],
    ["strpos('a𝄞b', 'b')", '3', 'bigint'],
    ["substr('hello', -3)", 'llo', 'varchar'],
    ["substr('hello', 0)", '', 'varchar'],
    ["split_part('a,b,c', ',', 9)", null, 'varchar'],
    ["trim(BOTH ' ' FROM '  x ')", 'x', 'varchar'],
    ["'a𝄞b' LIKE 'a_b'", 'true', 'boolean'],
    ["'a_b' LIKE 'a\\_b' ESCAPE '\\'", 'true', 'boolean'],
    ["regexp_like('Hello', '(?i)hELLO')", 'true', 'boolean'],
    ["regexp_replace('ab ab', '(a)', '$1$1')", 'aab aab', 'varchar'],
    ["regexp_extract('abc', 'z')", null, 'varchar'],
  ],
  'days and instants': [
    ["CAST(DATE '2025-01-31' + INTERVAL '1' MONTH AS date)", '2025-02-28', 'date'],
    ["date_diff('day', DATE '2025-02-01', DATE '2025-03-01')", '28', 'bigint'],
    ["date_diff('month', DATE '2025-01-15', DATE '2025-02-14')", '0', 'bigint'],
    ["CAST(date_trunc('month', DATE '2025-03-15') AS date)", '2025-03-01', 'date'],
    ["TIMESTAMP '2025-03-01 00:00:00'", '2025-03-01 00:00:00.000', 'timestamp'],
    ["CAST(replace('2025-03-01T00:00:00Z', 'T', ' ') AS timestamp)", '2025-03-01 00:00:00.000', 'timestamp'],
    [
      "CAST(from_iso8601_timestamp('2025-03-01T02:00:00+02:00') AT TIME ZONE 'UTC' AS timestamp)",
      '2025-03-01 00:00:00.000',
      'timestamp',
    ],
    ["CAST(TIMESTAMP '1969-12-31 23:59:59.999999' AS timestamp(3))", '1970-01-01 00:00:00.000', 'timestamp'],
    ["substr(CAST(DATE '2025-03-01' AS varchar), 1, 7)", '2025-03', 'varchar'],
    ["date_format(TIMESTAMP '2025-03-01 14:05:06', '%Y-%m-%d %H:%i:%s')", '2025-03-01 14:05:06', 'varchar'],
    ["EXTRACT(month FROM DATE '2025-03-15')", '3', 'bigint'],
  ],
  'digests and shards': [
    [
      "lower(to_hex(sha256(to_utf8('é'))))",
      '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c',
      'varchar',
    ],
    ["to_hex(md5(to_utf8('é')))", '66DDCD97CFDEABB2F6FB8A999B4BC76F', 'varchar'],
    ["from_base(substr(to_hex(md5(to_utf8('cust-42'))), 1, 8), 16) % 64", '5', 'bigint'],
  ],
  'maps, arrays and JSON': [
    ["element_at(MAP(ARRAY['a'], ARRAY['1']), 'z')", null, 'varchar'],
    ["element_at(MAP(ARRAY['a'], ARRAY['1']), 'a')", '1', 'varchar'],
    ["contains(map_keys(MAP(ARRAY['a'], ARRAY['1'])), 'a')", 'true', 'boolean'],
    ["MAP(ARRAY['a', 'b'], ARRAY['1', '2'])", '{a=1, b=2}', 'map'],
    ["ARRAY['a', NULL]", '[a, null]', 'array'],
    ["array_join(ARRAY['b', 'a'], ',')", 'b,a', 'varchar'],
    [`json_extract_scalar('{"a.b":"x"}', '$["a.b"]')`, 'x', 'varchar'],
    [`json_extract_scalar('{"d":[1]}', '$.d')`, null, 'varchar'],
    ["json_extract_scalar('not json', '$.a')", null, 'varchar'],
  ],
};

// https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
describe.each(Object.entries(EXPRESSIONS))('%s', (_, expressions) => {
  test.each(expressions)('%s is %s of type %s', async (sql, value, type) => {
    const { rows, columns } = await athena().run(`SELECT ${sql} AS x`);
    expect([rows[0]?.[0], columns[0]?.type]).toEqual([value, type]);
  });
});

// https://docs.aws.amazon.com/athena/latest/ug/data-types.html
test('a sum of decimals has 38 digits and keeps the scale', async () => {
  const { rows, columns } = await athena().run(
    "SELECT sum(x) AS s, CAST(sum(x) AS DECIMAL(28,12)) AS t FROM (VALUES (CAST('1.5' AS DECIMAL(28,12))), (CAST('0.000000000001' AS DECIMAL(28,12)))) v(x)",
  );
  expect(rows).toEqual([['1.500000000001', '1.500000000001']]);
  expect(columns.map(({ type }) => type)).toEqual(['decimal(38,12)', 'decimal(28,12)']);
});

// https://docs.aws.amazon.com/athena/latest/ug/data-types.html
test('a sum of integers is a bigint', async () => {
  const { rows, columns } = await athena().run('SELECT sum(x) AS s, 7 / 2 AS q FROM (VALUES (1), (2)) v(x)');
  expect([rows, columns[0]?.type]).toEqual([[['3', '3']], 'bigint']);
});

// https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
test('division by zero and division of decimals fail instead of differing', async () => {
  expect(await athena().failure('SELECT 1 / 0')).toBe('DIVISION_BY_ZERO: Division by zero');
  expect(await athena().failure('SELECT 1.5 / x FROM (VALUES (3)) v(x)')).toMatch(/^NOT_SUPPORTED: .*divide decimals/);
  expect(await athena().run('SELECT -7 / 2, 7e0 / 2')).toMatchObject({ rows: [['-3', '3.5']] });
});

// https://docs.aws.amazon.com/athena/latest/ug/data-types.html
test('a sum that outgrows its type fails instead of showing 39 digits', async () => {
  const big = "CAST('99999999999999999999' AS DECIMAL(38,18))";
  expect(await athena().failure(`SELECT sum(x) FROM (VALUES (${big}), (${big})) v(x)`)).toMatch(
    /overflow|OUT_OF_RANGE/i,
  );
});

// https://docs.aws.amazon.com/athena/latest/ug/data-types.html
test('doubles show as Java writes them', async () => {
  const { rows } = await athena().run('SELECT 1e-1 a, 1e2 b, 1e7 c, 1e-7 d, nan() e');
  expect(rows[0]).toEqual(['0.1', '100.0', '1.0E7', '1.0E-7', 'NaN']);
});

// https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html
test('an expression without a name is called by its place', async () => {
  const { columns } = await athena().run('SELECT 1, 2 AS MyCol, count(*), x FROM (VALUES (1)) v(x) GROUP BY x');
  expect(columns.map(({ name }) => name)).toEqual(['_col0', 'MyCol', '_col2', 'x']);
});

// https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
test.each([
  ["SELECT string_agg(x, ',') FROM (VALUES ('a')) v(x)", /FUNCTION_NOT_FOUND.*string_agg/],
  ["SELECT 'a' ILIKE 'A'", /FUNCTION_NOT_FOUND.*ILIKE/],
  ['SELECT x FROM (VALUES (1)) v(x) QUALIFY row_number() OVER (ORDER BY x) = 1', /SYNTAX_ERROR.*QUALIFY/],
  ['SELECT x, count(*) FROM (VALUES (1)) v(x) GROUP BY ALL', /SYNTAX_ERROR.*GROUP BY ALL/],
  ["SELECT * FROM read_csv('/etc/passwd')", /not registered|table functions/],
  ["SELECT * FROM '/etc/passwd'", /TABLE_NOT_FOUND/],
])('what only DuckDB has is refused: %s', async (sql, reason) => {
  expect(await athena().failure(sql)).toMatch(reason);
});
