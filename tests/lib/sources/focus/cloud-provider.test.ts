import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloudProvider } from '../../../../lib/sources/focus/cloud-provider.ts';

let database: DuckDBInstance;
beforeAll(async () => {
  database = await DuckDBInstance.create(':memory:', { threads: '1' });
});
afterAll(() => database.closeSync());

test.each([
  ['AWS', 'aws'],
  ['Amazon Web Services, Inc.', 'aws'],
  ['AWS Marketplace', 'aws'],
  ['Microsoft', 'azure'],
  ['Azure', 'azure'],
  ['Google Cloud', 'gcp'],
  ['GCP', 'gcp'],
  ['Oracle', 'oci'],
  ['OCI', 'oci'],
  ['Snowflake', 'other'],
  ['Laws and Co', 'other'],
])('a bill of %s is one of %s', async (name, cloud) => {
  expect(await cloudOf(`'${name}'`)).toBe(cloud);
});

test('a row that names no provider is of no cloud we know', async () => {
  expect(await cloudOf('CAST(NULL AS VARCHAR)')).toBeNull();
});

async function cloudOf(expression: string): Promise<unknown> {
  const connection = await database.connect();
  const answer = await connection.runAndReadAll(`SELECT ${cloudProvider(expression)}`);
  return answer.getRowsJson()[0]?.[0];
}
