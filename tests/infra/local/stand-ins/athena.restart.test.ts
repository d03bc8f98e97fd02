import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueryResultsCommand } from '@aws-sdk/client-athena';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startAthena } from '../../../../infra/local/athena/athena.ts';
import { FolderObjects } from './athena.objects.ts';
import { AthenaScene, elsewhere } from './athena.scene.ts';

const SLOW = 'SELECT sum(a.x * b.x) FROM UNNEST(sequence(1, 9000)) a(x) CROSS JOIN UNNEST(sequence(1, 9000)) b(x)';

describe.skipIf(elsewhere)('Athena after a restart (elsewhere skipped: the test stops and starts it)', () => {
  let folder: string;
  let objects: FolderObjects;
  let athena: AthenaScene;

  const open = async () => {
    const options = { objects, folder: join(folder, 'athena'), tables: [], databases: ['apportion'] };
    athena = new AthenaScene(await startAthena(options), objects);
  };
  const restart = async () => {
    await athena.stop();
    await open();
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'athena-restart-'));
    objects = new FolderObjects(join(folder, 'objects'));
    await open();
  });
  afterEach(async () => {
    await athena.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a table made by a statement is still there', async () => {
    await athena.parquet('kept/1.parquet', "SELECT 'é' AS a");
    await athena.run("CREATE EXTERNAL TABLE kept (a string) STORED AS PARQUET LOCATION 's3://lake/kept'");
    await restart();
    expect(await athena.value('SELECT a FROM kept')).toBe('é');
  });

  test('the rows of a query that had ended can still be had', async () => {
    const { execution } = await athena.run("SELECT 'kept' AS x");
    await restart();
    const { ResultSet } = await athena.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
    );
    expect(ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue).toBe('kept');
  });

  test('a token asked again is the query of before, so that an UNLOAD adds nothing', async () => {
    const ClientRequestToken = randomUUID();
    const sql =
      "UNLOAD (SELECT 1 AS x, 2 AS shard) TO 's3://lake/split/' WITH (format = 'PARQUET', partitioned_by = ARRAY['shard'])";
    const { execution } = await athena.run(sql, { ClientRequestToken });
    await restart();
    expect(await athena.start(sql, { ClientRequestToken })).toBe(execution.QueryExecutionId);
    expect(objects.list('lake', 'split/')).toHaveLength(1);
  });

  test('a query that was running is run from its beginning under its own id', async () => {
    const id = await athena.start(SLOW);
    while ((await athena.execution(id)).Status?.State === 'QUEUED');
    await restart();
    expect((await athena.execution(id)).Status?.State).not.toBe('FAILED');
    expect((await athena.end(id)).Status?.State).toBe('SUCCEEDED');
  });

  test('a query that failed stays failed, with its reason', async () => {
    const id = await athena.start('SELEC 1');
    await athena.end(id);
    await restart();
    expect((await athena.execution(id)).Status?.StateChangeReason).toMatch(/^SYNTAX_ERROR: line 1:1/);
  });
});
