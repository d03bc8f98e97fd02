import { describe, expect, test } from 'vitest';
import { athenaScene, elsewhere, NEEDS_FILES } from './athena.scene.ts';

// https://docs.aws.amazon.com/athena/latest/ug/unload.html
describe.skipIf(elsewhere)(`UNLOAD (elsewhere skipped: ${NEEDS_FILES})`, () => {
  const athena = athenaScene();
  const keysUnder = (prefix: string) =>
    athena()
      .objects.list('lake', prefix)
      .map(({ key }) => key);
  const byShard = (target: string, rows: number) => `
    UNLOAD (SELECT CAST(x AS DECIMAL(28,12)) AS BilledCost, 'a)''b' AS "Note", CAST(x % 3 AS integer) AS shard
            FROM UNNEST(sequence(1, ${rows})) AS t(x)) -- every row to one shard
    TO 's3://lake/${target}' WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['shard'])`;

  test('each row lands in the folder of its shard, without the column that names it', async () => {
    const { execution, rows } = await athena().run(byShard('split/1', 9));
    expect(rows).toEqual([]);
    expect(keysUnder('split/1/').map((key) => key.split('/')[2])).toEqual(['shard=0', 'shard=1', 'shard=2']);
    expect(keysUnder('split/1/').every((key) => !key.includes('.'))).toBe(true);
    expect(await athena().readParquet('split/1/shard=1/', 'SELECT *')).toEqual([
      ['1.000000000000', "a)'b"],
      ['4.000000000000', "a)'b"],
      ['7.000000000000', "a)'b"],
    ]);
    expect(execution.SubstatementType).toBe('UNLOAD');
  });

  test('column names are lower-case in the files, as every name of a Hive table', async () => {
    await athena().run(byShard('split/names', 3));
    const names = await athena().columnNames('split/names/shard=1/');
    expect(names).toEqual(['billedcost', 'note']);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
  test('a manifest beside the result lists exactly the files written', async () => {
    const { execution } = await athena().run(byShard('split/manifest/', 9));
    const manifest = execution.Statistics?.DataManifestLocation ?? '';
    const listed = athena().objects.read('lake', manifest.replace('s3://lake/', '')).trim().split('\n').sort();
    expect(listed).toEqual(keysUnder('split/manifest/').map((key) => `s3://lake/${key}`));
  });

  test('a partitioned statement that runs again into its prefix adds every row a second time', async () => {
    for (const _ of [1, 2]) await athena().run(byShard('split/again/', 9));
    expect(await athena().readParquet('split/again/', 'SELECT count(*), sum(BilledCost)')).toEqual([
      ['18', '90.000000000000'],
    ]);
  });

  test('an unpartitioned statement refuses a prefix that holds anything', async () => {
    const sql = "UNLOAD (SELECT 1 AS x) TO 's3://lake/plain/' WITH (format = 'PARQUET')";
    await athena().run(sql);
    expect(await athena().failure(sql)).toMatch(/^HIVE_PATH_ALREADY_EXISTS: .*s3:\/\/lake\/plain\//);
    expect(await athena().readParquet('plain/', 'SELECT x')).toEqual([[1]]);
  });

  test('no rows make no files', async () => {
    const { execution } = await athena().run(byShard('split/none/', 0));
    expect(keysUnder('split/none/')).toEqual([]);
    expect(execution.Status?.State).toBe('SUCCEEDED');
  });

  test.each([
    [100, /SUCCEEDED/],
    [101, /^HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100/],
  ])('%i partitions in one statement: %s', async (count, end) => {
    const sql = `UNLOAD (SELECT x AS a, x AS shard FROM UNNEST(sequence(1, ${count})) AS t(x))
      TO 's3://lake/many/${count}/' WITH (format = 'PARQUET', partitioned_by = ARRAY['shard'])`;
    expect(await athena().failure(sql)).toMatch(end);
    expect(keysUnder(`many/${count}/`)).toHaveLength(count === 100 ? 100 : 0);
  });

  test('the column of the partition must be the last', async () => {
    const sql = `UNLOAD (SELECT 1 AS shard, 2 AS x) TO 's3://lake/order/' WITH (format = 'PARQUET', partitioned_by = ARRAY['shard'])`;
    expect(await athena().failure(sql)).toMatch(/^HIVE_COLUMN_ORDER_MISMATCH: .*\[shard\]/);
  });

  test('decimals, milliseconds and bigints keep their types on the way out and in', async () => {
    await athena().run(`
      UNLOAD (SELECT CAST('12345678901234567890.123456789012345678' AS DECIMAL(38,18)) AS d,
                TIMESTAMP '2025-01-01 00:00:00.123456' AS t, sum(x) AS n, CAST(NULL AS varchar) AS s
              FROM (VALUES (9007199254740993)) v(x))
      TO 's3://lake/types/' WITH (format = 'PARQUET', compression = 'SNAPPY')`);
    await athena().run(
      "CREATE EXTERNAL TABLE types (d decimal(38,18), t timestamp, n bigint, s string) STORED AS PARQUET LOCATION 's3://lake/types'",
    );
    const { rows } = await athena().run('SELECT * FROM types');
    expect(rows).toEqual([
      ['12345678901234567890.123456789012345678', '2025-01-01 00:00:00.123', '9007199254740993', null],
    ]);
    const [schema] = await athena().readParquet('types/', 'SELECT typeof(d), typeof(t), typeof(n)');
    expect(schema).toEqual(['DECIMAL(38,18)', 'TIMESTAMP', 'BIGINT']);
  });

  test.each([
    [
      "UNLOAD (SELECT now() AS x) TO 's3://lake/tz/' WITH (format = 'PARQUET')",
      /^NOT_SUPPORTED: Unsupported Hive type/,
    ],
    ["UNLOAD (SELECT 1 AS x) TO 's3://lake/csv/' WITH (format = 'TEXTFILE')", /^NOT_SUPPORTED/],
    [
      "UNLOAD (SELECT 1 AS x) TO 's3://lake/z/' WITH (format = 'PARQUET', colour = 'red')",
      /^INVALID_TABLE_PROPERTY: .*colour/,
    ],
    ["UNLOAD (SELECT 1 AS x TO 's3://lake/z/' WITH (format = 'PARQUET')", /^SYNTAX_ERROR/],
  ])('what cannot be written is refused: %s', async (sql, reason) => {
    expect(await athena().failure(sql)).toMatch(reason);
  });
});
