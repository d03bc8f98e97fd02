import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { csvOf } from '../../journeys/csv.ts';
import { deliverAnyhow } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { SMALL_BILL } from '../../journeys/small-partner.ts';
import { outputOf } from './administrator.ts';
import { PERIOD, upToDate } from './up-to-date.ts';

const EXECUTION = '2025-04-02T06:30:00.000Z-3f1c0ffe-0000-4000-8000-000000000001';

/**
 * A bill in Parquet behind a manifest of AWS Data Exports: Athena and the steps read it where it landed. Then a manifest
 * whose file never comes.
 */
export async function publishParquet(product: Product): Promise<void> {
  await product.connect('exports', 'data_exports');
  const key = (folder: string, part: string) => `exports/${folder}/focus/${part}`;
  const data = key('x', `data/BILLING_PERIOD=${PERIOD}/${EXECUTION}/focus-00001.parquet`);
  const manifest = `metadata/BILLING_PERIOD=${PERIOD}/${EXECUTION}/focus-Manifest.json`;
  const announcing = (file: string) =>
    JSON.stringify({
      executionId: EXECUTION,
      dataFiles: [`s3://${outputOf(product, OUTPUTS.landingBucketName)}/${file}`],
      columns: [],
    });
  await deliverAnyhow(product, 'exports', [
    { key: data, path: await writeParquet(product.folder) },
    { key: key('x', manifest), text: announcing(data) },
  ]);
  await upToDate(product);
  await deliverAnyhow(product, 'exports', [
    { key: key('y', manifest), text: announcing(data.replace('00001', '00002')) },
  ]);
}

async function writeParquet(folder: string): Promise<string> {
  const parquet = join(folder, 'focus-00001.parquet');
  const csv = join(folder, 'focus.csv');
  await writeFile(csv, csvOf(SMALL_BILL));
  const duckdb = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await duckdb.connect();
  await connection.run(`COPY (SELECT * FROM read_csv('${csv}', all_varchar = true)) TO '${parquet}' (FORMAT parquet)`);
  duckdb.closeSync();
  return parquet;
}
