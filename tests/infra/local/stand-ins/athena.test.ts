import { randomUUID } from 'node:crypto';
import {
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  ListQueryExecutionsCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { describe, expect, test } from 'vitest';
import { athenaScene, elsewhere, NEEDS_FILES } from './athena.scene.ts';

const athena = athenaScene({
  workGroups: [{ name: 'enforced', outputLocation: 's3://lake/enforced', isEnforced: true }, { name: 'bare' }],
});

/** Long enough to be caught running, short enough to end by itself. */
const SLOW = 'SELECT sum(a.x * b.x) FROM UNNEST(sequence(1, 60000)) a(x) CROSS JOIN UNNEST(sequence(1, 60000)) b(x)';

// https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
describe('asking', () => {
  test('the same token and text again is the same query', async () => {
    const ClientRequestToken = randomUUID();
    const ids = [1, 2].map(() => athena().start('SELECT 1', { ClientRequestToken }));
    expect(new Set(await Promise.all(ids)).size).toBe(1);
    expect(await athena().start('SELECT 1', { ClientRequestToken: randomUUID() })).not.toBe(await ids[0]);
  });

  test('the same token with another text is refused', async () => {
    const ClientRequestToken = randomUUID();
    await athena().start('SELECT 1', { ClientRequestToken });
    await expect(athena().start('SELECT 2', { ClientRequestToken })).rejects.toThrow(InvalidRequestException);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
  test('a text of 262,144 bytes runs and one of 262,145 is refused, counted in bytes', async () => {
    const text = (bytes: number) => `SELECT length('${'é'.repeat(131_000)}${'x'.repeat(bytes - 262_022)}') AS x`;
    expect(Buffer.byteLength(text(262_144))).toBe(262_144);
    expect(await athena().value(text(262_144))).toBe('131122');
    await expect(athena().start(text(262_145))).rejects.toThrow(InvalidRequestException);
  });

  // https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements-querying-using-execution-parameters.html
  test('a question mark takes the parameter of its place', async () => {
    const ExecutionParameters = ["'it''s ?'", '2'];
    const { rows } = await athena().run("SELECT ? AS a, ? + 1 AS b, '?' AS c", { ExecutionParameters });
    expect(rows).toEqual([["it's ?", '3', '?']]);
    expect(await athena().failure('SELECT ?')).toMatch(/Incorrect number of parameters/);
  });

  // https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryExecution.html
  test('an unknown id is refused', async () => {
    await expect(athena().execution(randomUUID())).rejects.toThrow(InvalidRequestException);
  });

  test.skipIf(elsewhere)('a work group that is enforced decides where results go', async () => {
    const { execution } = await athena().run('SELECT 1', { WorkGroup: 'enforced' });
    const id = execution.QueryExecutionId;
    expect(execution.ResultConfiguration?.OutputLocation).toBe(`s3://lake/enforced/${id}.csv`);
    await expect(athena().start('SELECT 1', { WorkGroup: 'bare', ResultConfiguration: {} })).rejects.toThrow(
      /output location/i,
    );
    await expect(athena().start('SELECT 1', { WorkGroup: 'unknown' })).rejects.toThrow(/not found/);
  });

  // https://docs.aws.amazon.com/athena/latest/APIReference/API_ListQueryExecutions.html
  test('queries are listed newest first and described together', async () => {
    const ids = [await athena().start('SELECT 1'), await athena().start('SELECT 2')];
    const { QueryExecutionIds: listed = [] } = await athena().client.send(
      new ListQueryExecutionsCommand({ MaxResults: 2 }),
    );
    expect(listed).toEqual(ids.toReversed());
    const unknown = randomUUID();
    const { QueryExecutions = [], UnprocessedQueryExecutionIds = [] } = await athena().client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [...ids, unknown] }),
    );
    expect(QueryExecutions.map(({ Query }) => Query)).toEqual(['SELECT 1', 'SELECT 2']);
    expect(UnprocessedQueryExecutionIds.map(({ QueryExecutionId }) => QueryExecutionId)).toEqual([unknown]);
  });
});

// https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
describe('failing', () => {
  test.each([
    ['SELEC 1', /SYNTAX_ERROR: line 1:1: mismatched input 'SELEC'/],
    ['SELECT 1 FROM\n  WHERE', /SYNTAX_ERROR: line 2:3: .*WHERE/],
    ['SELECT nope FROM (VALUES (1)) v(x)', /COLUMN_NOT_FOUND: line 1:8: .*nope/],
    ['SELECT * FROM nowhere', /TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.apportion.nowhere' does not exist/],
    ['SELECT * FROM elsewhere.nowhere', /SCHEMA_NOT_FOUND: .*elsewhere/],
    ["SELECT CAST('abc' AS integer)", /INVALID_CAST_ARGUMENT: .*abc/],
    ['SELECT frobnicate(1)', /FUNCTION_NOT_FOUND: line 1:8: .*frobnicate/],
    ['SELECT 1; SELECT 2', /SYNTAX_ERROR/],
    ["DELETE FROM x WHERE y = 'z'", /SYNTAX_ERROR: line 1:1: mismatched input 'DELETE'/],
    ["SELECT 'never ends", /SYNTAX_ERROR: .*never ends/],
  ])('the reason names what is wrong: %s', async (sql, reason) => {
    const execution = await athena().end(await athena().start(sql));
    expect(execution.Status?.State).toBe('FAILED');
    expect(execution.Status?.StateChangeReason).toMatch(reason);
    expect(execution.Status?.AthenaError?.ErrorMessage).toMatch(reason);
  });

  test('the rows of a query that failed cannot be had', async () => {
    const { QueryExecutionId } = await athena().end(await athena().start('SELEC 1'));
    await expect(athena().client.send(new GetQueryResultsCommand({ QueryExecutionId }))).rejects.toThrow(/FAILED/);
  });

  // https://docs.aws.amazon.com/athena/latest/APIReference/API_StopQueryExecution.html
  test('a query that is stopped is CANCELLED at once and stays so', async () => {
    const QueryExecutionId = await athena().start(SLOW);
    while ((await athena().execution(QueryExecutionId)).Status?.State === 'QUEUED');
    await athena().client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    expect((await athena().execution(QueryExecutionId)).Status?.State).toBe('CANCELLED');
    expect(await athena().value('SELECT 1')).toBe('1');
    expect((await athena().execution(QueryExecutionId)).Status?.State).toBe('CANCELLED');
  });

  // https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
  test('queries beyond the limit wait their turn as QUEUED and can be stopped there', async () => {
    const one = await athena().start(SLOW);
    const two = await athena().start(SLOW);
    const three = await athena().start(SLOW);
    while ((await athena().execution(two)).Status?.State === 'QUEUED');
    expect((await athena().execution(three)).Status?.State).toBe('QUEUED');
    for (const QueryExecutionId of [three, one, two])
      await athena().client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    expect((await athena().execution(three)).Status?.State).toBe('CANCELLED');
  });
});

// https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
describe('results', () => {
  test('2,500 rows come in pages of at most 1,000, the header being the first row', async () => {
    const { execution } = await athena().run(
      'SELECT x, CAST(x AS varchar) || \' "é",\' AS t FROM UNNEST(sequence(1, 2500)) AS v(x) ORDER BY x',
    );
    const seen: (string | undefined)[] = [];
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await athena().client.send(
        new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId, NextToken }),
      );
      const rows = page.ResultSet?.Rows ?? [];
      sizes.push(rows.length);
      seen.push(...rows.map((row) => row.Data?.map(({ VarCharValue }) => VarCharValue).join()));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(sizes).toEqual([1000, 1000, 501]);
    expect(seen).toEqual(['x,t', ...Array.from({ length: 2500 }, (_, i) => `${i + 1},${i + 1} "é",`)]);
  });

  test('pages of 7 rows join up, and more than 1,000 a page are refused', async () => {
    const { execution } = await athena().run('SELECT x FROM UNNEST(sequence(1, 130)) AS v(x) ORDER BY x');
    const page = (MaxResults: number, NextToken?: string) =>
      athena().client.send(
        new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId, MaxResults, NextToken }),
      );
    const seen: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const { ResultSet, NextToken } = await page(7, token);
      seen.push(...(ResultSet?.Rows ?? []).map((row) => row.Data?.[0]?.VarCharValue));
      token = NextToken;
    } while (token);
    expect(seen).toEqual(['x', ...Array.from({ length: 130 }, (_, i) => String(i + 1))]);
    await expect(page(1001)).rejects.toThrow(InvalidRequestException);
  });

  test('NULL is missing and the empty text is empty', async () => {
    const { rows } = await athena().run("SELECT CAST(NULL AS varchar) AS a, '' AS b");
    expect(rows).toEqual([[null, '']]);
  });

  test.each([
    "O'Brien",
    '\\',
    'a\nb',
    '"',
    '""',
    ',',
    'a\r\n"b",',
    "' OR 1=1 --",
    '/* x */',
    '表𝄞',
    '%_',
    ';',
    '?',
    '`',
    ' ',
  ])('%j is only ever a value', async (text) => {
    expect(await athena().value(`SELECT '${text.replaceAll("'", "''")}' AS x`)).toBe(text);
  });

  test.skipIf(elsewhere)(
    `the CSV object quotes every value and leaves NULL out (elsewhere: ${NEEDS_FILES})`,
    async () => {
      const { execution } = await athena().run("SELECT 1 AS n, 'a\"b' AS t, '' AS e, CAST(NULL AS varchar) AS u");
      const key = `athena/${execution.QueryExecutionId}.csv`;
      expect(execution.ResultConfiguration?.OutputLocation).toBe(`s3://lake/${key}`);
      expect(athena().objects.read('lake', key)).toBe('"n","t","e","u"\n"1","a""b","",\n');
    },
  );

  test('concurrent queries each get their own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => athena().value(`WITH t AS (SELECT ${i} AS x) SELECT x * 10 FROM t`)),
    );
    expect(answers).toEqual(Array.from({ length: 8 }, (_, i) => String(i * 10)));
  });

  test('a running query does not hold up another call', async () => {
    const id = await athena().start(SLOW);
    const started = performance.now();
    for (let i = 0; i < 20; i++) await athena().execution(id);
    expect(performance.now() - started).toBeLessThan(5000);
    await athena().client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  });
});
