import { describe, expect, test } from 'vitest';
import { type GlueTable, glueTableOf } from '../../../../infra/local/athena/glue-table.ts';
import { athenaScene, elsewhere, NEEDS_FILES } from './athena.scene.ts';

const PARQUET = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};
const SYMLINKS = { ...PARQUET, InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' };
const JSON_LINES = {
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
};
const PERIOD = {
  'projection.period.type': 'date',
  'projection.period.format': 'yyyy-MM',
  'projection.period.range': '2020-01,NOW+1MONTHS',
  'projection.period.interval': '1',
  'projection.period.interval.unit': 'MONTHS',
};

const columns = (types: Record<string, string>) => Object.entries(types).map(([Name, Type]) => ({ Name, Type }));

function table(name: string, storage: object, types: Record<string, string>, more: object = {}): GlueTable {
  const StorageDescriptor = { Location: `s3://lake/${name}`, ...storage, Columns: columns(types) };
  return glueTableOf({ DatabaseName: 'Apportion', TableInput: { Name: name, StorageDescriptor, ...more } });
}

const CHARGE = { subaccountid: 'string', billedcost: 'decimal(38,18)' };

const TABLES = [
  table('customer_charges', SYMLINKS, CHARGE, {
    PartitionKeys: columns({ customer: 'string', period: 'string' }),
    Parameters: {
      'projection.enabled': 'true',
      'projection.customer.type': 'injected',
      ...PERIOD,
      'storage.location.template': 's3://lake/published/customer_charges/customer=${customer}/period=${period}/',
    },
  }),
  table('costs', SYMLINKS, CHARGE),
  table('typed', PARQUET, {
    id: 'int',
    name: 'string',
    amount: 'decimal(38,18)',
    price: 'double',
    instant: 'timestamp',
    day: 'date',
    ok: 'boolean',
    tags: 'map<string,string>',
    list: 'array<string>',
    missing: 'string',
  }),
  table('wrong', PARQUET, { id: 'string' }),
  table('narrow', PARQUET, { amount: 'decimal(8,1)' }),
  table('unprojected', PARQUET, CHARGE, { PartitionKeys: columns({ day: 'string' }) }),
  table(
    'owners',
    JSON_LINES,
    { subaccountid: 'string', owner: 'string', share: 'decimal(28,12)', since: 'timestamp' },
    {
      PartitionKeys: columns({ run: 'string' }),
      Parameters: {
        'projection.enabled': 'true',
        'projection.run.type': 'injected',
        'storage.location.template': 's3://lake/runs/${run}/owners/',
      },
    },
  ),
];

const charge = (account: string, cost: string) =>
  `SELECT '${account}' AS "SubAccountId", CAST('${cost}' AS DECIMAL(38,18)) AS "BilledCost"`;

// https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
describe.skipIf(elsewhere)(`tables (elsewhere skipped: ${NEEDS_FILES})`, () => {
  const athena = athenaScene({ tables: TABLES, now: () => new Date('2025-03-15T00:00:00Z') });
  const publish = (customer: string, period: string, files: readonly string[]) =>
    athena().objects.put(
      'lake',
      `published/customer_charges/customer=${customer}/period=${period}/int_1.txt`,
      files.map((file) => `${file}\n`).join(''),
    );
  const costs = (where: string) =>
    athena().run(`SELECT billedcost, customer, period FROM customer_charges WHERE ${where} ORDER BY 3, 1`);

  test('a customer sees exactly the files that its lists name, with customer and period as text', async () => {
    const january = await athena().parquet('results/customer=cus_a/u1/one.parquet', charge('1', '1.5'));
    await athena().parquet('results/customer=cus_a/u2/unlisted.parquet', charge('1', '99'));
    await publish('cus_a', '2025-01', [january]);
    const { rows, columns: shown } = await costs("customer = 'cus_a' AND period = '2025-01'");
    expect(rows).toEqual([['1.500000000000000000', 'cus_a', '2025-01']]);
    expect(shown.map(({ type }) => type)).toEqual(['decimal(38,18)', 'varchar', 'varchar']);
  });

  test('two periods come in one answer, and a period outside the projected range does not', async () => {
    const february = await athena().parquet('results/customer=cus_b/f.parquet', charge('2', '2'));
    for (const period of ['2025-02', '2025-04', '2025-05', '2019-12']) await publish('cus_b', period, [february]);
    const { rows } = await costs("customer = 'cus_b'");
    expect(rows.map((row) => row[2])).toEqual(['2025-02', '2025-04']);
  });

  test('two customers come in one answer', async () => {
    for (const customer of ['cus_c', 'cus_d'])
      await publish(customer, '2025-01', [await athena().parquet(`results/${customer}.parquet`, charge('3', '3'))]);
    const { rows } = await costs("customer IN ('cus_c', 'cus_d') AND period BETWEEN '2024-12' AND '2025-01'");
    expect(rows.map((row) => row[1]).sort()).toEqual(['cus_c', 'cus_d']);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html
  test('a list that is withdrawn takes its rows with it', async () => {
    const list = await publish('cus_e', '2025-01', [await athena().parquet('results/e.parquet', charge('4', '4'))]);
    expect((await costs("customer = 'cus_e'")).rows).toHaveLength(1);
    athena().objects.remove('lake', list.key);
    expect((await costs("customer = 'cus_e'")).rows).toEqual([]);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
  test('a list that names a file which is gone fails the query', async () => {
    await publish('cus_f', '2025-01', ['s3://lake/results/gone.parquet']);
    const sql = "SELECT * FROM customer_charges WHERE customer = 'cus_f'";
    expect(await athena().failure(sql)).toMatch(/^HIVE_CURSOR_ERROR: The specified key does not exist.*gone\.parquet/);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
  test('a hidden list is not read', async () => {
    const file = await athena().parquet('results/hidden.parquet', charge('5', '5'));
    for (const name of ['_draft.txt', '.draft.txt', '_new/list.txt'])
      await athena().objects.put('lake', `published/customer_charges/customer=cus_g/period=2025-01/${name}`, file);
    expect((await costs("customer = 'cus_g'")).rows).toEqual([]);
  });

  test.each([
    'SELECT * FROM customer_charges',
    "SELECT * FROM customer_charges WHERE customer LIKE 'cus%'",
    "SELECT * FROM customer_charges WHERE customer = 'cus_a' OR period = '2025-01'",
    "SELECT * FROM customer_charges a JOIN customer_charges b ON a.period = b.period WHERE a.customer = 'cus_a'",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM customer_charges WHERE period = '2025-01')",
  ])('customer is injected, so it must be given: %s', async (sql) => {
    expect(await athena().failure(sql)).toBe(
      'CONSTRAINT_VIOLATION: For the injected projected partition column customer, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.',
    );
  });

  test('each mention of a table keeps to its own customer', async () => {
    await publish('cus_h', '2025-01', [await athena().parquet('results/h.parquet', charge('6', '6'))]);
    await publish('cus_i', '2025-01', [await athena().parquet('results/i.parquet', charge('7', '7'))]);
    const { rows } = await athena().run(`
      WITH h AS (SELECT * FROM apportion.customer_charges WHERE customer = 'cus_h')
      SELECT h.subaccountid, i.subaccountid FROM h
      JOIN "apportion"."customer_charges" i ON i.period = h.period AND i.customer = 'cus_i'`);
    expect(rows).toEqual([['6', '7']]);
  });

  test('a common table expression hides the table of its name', async () => {
    const { rows } = await athena().run('WITH customer_charges AS (SELECT 1 AS x) SELECT x FROM customer_charges');
    expect(rows).toEqual([['1']]);
  });

  test('a stray Parquet file beside the lists is not data: the list is text and nothing else', async () => {
    await athena().objects.put('lake', 'costs/list.txt', await athena().parquet('cost/1.parquet', charge('8', '8')));
    await athena().parquet('costs-elsewhere/stray.parquet', charge('9', '9'));
    const { rows } = await athena().run('SELECT subaccountid FROM costs');
    expect(rows).toEqual([['8']]);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
  test('columns are found by name in any case, and one that a file lacks is NULL', async () => {
    await athena().parquet(
      'typed/a.parquet',
      `SELECT 7 AS "Id", 'é' AS "NAME", CAST('1.25' AS DECIMAL(9,2)) AS amount, CAST(0.1 AS FLOAT) AS price,
         TIMESTAMP '1969-12-31 23:59:59.999999' AS instant, DATE '2025-01-31' AS day, true AS ok,
         MAP {'k': 'v'} AS tags, ['a', NULL] AS list, 'extra' AS unknown`,
    );
    const { rows, columns: shown } = await athena().run('SELECT * FROM Typed');
    expect(rows).toEqual([
      [
        '7',
        'é',
        '1.250000000000000000',
        '0.10000000149011612',
        '1970-01-01 00:00:00.000',
        '2025-01-31',
        'true',
        '{k=v}',
        '[a, null]',
        null,
      ],
    ]);
    expect(shown.map(({ name, type }) => `${name} ${type}`).join(', ')).toBe(
      'id integer, name varchar, amount decimal(38,18), price double, instant timestamp, day date, ok boolean, tags map, list array, missing varchar',
    );
  });

  // https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
  test('files of different schemas are one table', async () => {
    await athena().parquet('typed/b.parquet', "SELECT 'late' AS missing, 8 AS id");
    const { rows } = await athena().run('SELECT id, missing FROM typed ORDER BY id');
    expect(rows).toEqual([
      ['7', null],
      ['8', 'late'],
    ]);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/data-types.html
  test('a type that Athena cannot read fails and names the file', async () => {
    await athena().parquet('wrong/a.parquet', 'SELECT 7 AS id');
    expect(await athena().failure('SELECT * FROM wrong')).toMatch(
      /^HIVE_BAD_DATA: Field id's type INTEGER in parquet file s3:\/\/lake\/wrong\/a.parquet is incompatible with type string/,
    );
  });

  test('a narrower decimal rounds half up, as Athena does silently', async () => {
    await athena().parquet('narrow/a.parquet', "SELECT CAST('1.25' AS DECIMAL(9,2)) AS amount");
    expect(await athena().value('SELECT amount FROM narrow')).toBe('1.3');
  });

  // https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
  test('a file that is no Parquet fails and names the file', async () => {
    await athena().objects.put('lake', 'broken/x.parquet', 'not a parquet file at all');
    await athena().run("CREATE EXTERNAL TABLE broken (id int) STORED AS PARQUET LOCATION 's3://lake/broken/'");
    expect(await athena().failure('SELECT * FROM broken')).toMatch(/^HIVE_BAD_DATA: .*s3:\/\/lake\/broken\/x.parquet/);
  });

  test('a partitioned table without projection has no rows until partitions are added', async () => {
    await athena().parquet('unprojected/day=1/a.parquet', charge('1', '1'));
    expect((await athena().run('SELECT * FROM unprojected')).rows).toEqual([]);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
  test('lines of JSON are rows, keys in any case, decimals from text to the last digit', async () => {
    await athena().objects.put(
      'lake',
      'runs/run_1/owners/1.json',
      `${JSON.stringify({ SubAccountId: 'a"b\\c\n', owner: null, share: '0.333333333333', since: '2025-01-01 00:00:00.000' })}\n{"subaccountid":"2"}\n`,
    );
    const { rows } = await athena().run("SELECT * FROM owners WHERE run = 'run_1' ORDER BY share");
    expect(rows).toEqual([
      ['a"b\\c\n', null, '0.333333333333', '2025-01-01 00:00:00.000', 'run_1'],
      ['2', null, null, null, 'run_1'],
    ]);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/create-table.html
  test('a table made by a statement is read like any other and dropped without its files', async () => {
    await athena().parquet('delivered/1.parquet', charge('1', '0.000000000000000001'));
    const create = `CREATE EXTERNAL TABLE IF NOT EXISTS delivered_run_1 (\`SubAccountId\` string, BilledCost decimal(38,18) COMMENT 'as delivered')
      PARTITIONED BY (part string)
      ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
      STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
      OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
      LOCATION 's3://lake/delivered'
      TBLPROPERTIES ('projection.enabled' = 'true', 'projection.part.type' = 'enum', 'projection.part.values' = 'x,y',
        'storage.location.template' = 's3://lake/delivered/')`;
    for (const again of [create, create]) expect((await athena().run(again)).rows).toEqual([]);
    const { rows } = await athena().run("SELECT BilledCost, part FROM delivered_run_1 WHERE part = 'x'");
    expect(rows).toEqual([['0.000000000000000001', 'x']]);
    await athena().run('DROP TABLE delivered_run_1');
    expect(await athena().failure('SELECT * FROM delivered_run_1')).toMatch(/^TABLE_NOT_FOUND: line 1:15: /);
    expect(athena().objects.list('lake', 'delivered/')).toHaveLength(1);
    await athena().run('DROP TABLE IF EXISTS delivered_run_1');
    expect(await athena().failure('DROP TABLE delivered_run_1')).toMatch(/Table not found/);
  });

  test('"$path" names the object a row comes from', async () => {
    const { rows } = await athena().run('SELECT id, "$path" FROM typed ORDER BY id');
    expect(rows).toEqual([
      ['7', 's3://lake/typed/a.parquet'],
      ['8', 's3://lake/typed/b.parquet'],
    ]);
  });

  test('the bytes scanned are those of the files the conditions leave', async () => {
    const { execution } = await costs("customer = 'cus_a' AND period = '2025-01'");
    const size = athena().objects.find('lake', 'results/customer=cus_a/u1/one.parquet')?.sizeBytes;
    expect(execution.Statistics?.DataScannedInBytes).toBe(size);
  });
});
