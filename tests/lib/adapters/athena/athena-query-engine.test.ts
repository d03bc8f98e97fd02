import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AthenaStandIn, startAthena } from '../../../../infra/local/athena/athena.ts';
import { type S3StandIn, startS3 } from '../../../../infra/local/s3/s3.ts';
import { athenaQueryEngine } from '../../../../lib/adapters/athena/athena-query-engine.ts';
import { Problem } from '../../../../lib/domain/problem.ts';
import type { QueryEngine } from '../../../../lib/ports/query-engine.ts';

describe('Athena as the pipeline asks it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'query-engine-'));
  let s3: S3StandIn;
  let athena: AthenaStandIn;
  let client: AthenaClient;
  let engine: QueryEngine;

  beforeAll(async () => {
    s3 = await startS3({ folder });
    s3.ensureBucket('lake');
    athena = await startAthena({ objects: s3.objects, tables: [], databases: ['apportion'] });
    client = new AthenaClient({
      endpoint: athena.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
    });
    engine = athenaQueryEngine(client, {
      workGroup: 'primary',
      database: 'apportion',
      pollMilliseconds: 10,
      outputLocation: 's3://lake/athena/',
    });
  });
  afterAll(async () => {
    client.destroy();
    await athena.close();
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const rows = async (statement: string) => await engine.rows(await engine.run(statement, { timeoutSeconds: 20 }));

  test('answers every row of a SELECT as text, without its header, null as null', async () => {
    expect(await rows("SELECT 1 AS n, CAST(NULL AS varchar) AS nothing, '' AS empty, 'n' AS n2")).toEqual([
      { n: '1', nothing: null, empty: '', n2: 'n' },
    ]);
  });

  test('reads on over all pages', async () => {
    const counted = await rows(
      'SELECT CAST(a.n * 50 + b.n AS varchar) AS n FROM UNNEST(sequence(0, 49)) AS a(n) CROSS JOIN UNNEST(sequence(0, 49)) AS b(n)',
    );
    expect(new Set(counted.map(({ n }) => n)).size).toBe(2500);
  });

  test('says in the engine’s words why a query failed', async () => {
    const failing = engine.run('SELECT nothing FROM nowhere', { timeoutSeconds: 20 });
    await expect(failing).rejects.toBeInstanceOf(Problem);
    await expect(failing).rejects.toMatchObject({
      code: 'query_failed',
      details: { reason: expect.stringMatching(/nowhere/i) },
    });
  });

  test('the same token is the same query', async () => {
    const requestToken = 'a-token-of-at-least-thirty-two-characters';
    const ask = () => engine.run('SELECT 1 AS n', { requestToken, timeoutSeconds: 20 });
    expect(await ask()).toBe(await ask());
  });
});
