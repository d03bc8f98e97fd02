import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { DuckDBInstance } from '@duckdb/node-api';
import { startAthena } from '../../../../infra/local/athena/athena.ts';
import { athenaQueryEngine } from '../../../../lib/adapters/athena/athena-query-engine.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { RunId } from '../../../../lib/domain/ids.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import type { QueryEngine } from '../../../../lib/ports/query-engine.ts';
import { createDeliveredTable } from '../../../../lib/sources/create-delivered-table.ts';
import type { DeliveredBill } from '../../../../lib/sources/delivered-bill.ts';
import { type MeasureRow, parseMeasureRow } from '../../../../lib/sources/measure-row.ts';
import { measureStatement } from '../../../../lib/sources/measure-statement.ts';
import { splitSelect } from '../../../../lib/sources/split-select.ts';
import type { Receiving } from './receiving.ts';

/** One line of the owners table. */
export interface OwnerLine {
  readonly sub_account_id: string;
  readonly provider_name: string;
  readonly valid_from: string;
  readonly valid_to: string;
  readonly owner: string;
  readonly shard: number;
}

/** A row of the split as text, by column in lower case. */
export type SplitRow = Readonly<Record<string, string | null>>;

const OWNERS = `CREATE EXTERNAL TABLE owners (sub_account_id string, provider_name string, valid_from string,
  valid_to string, owner string, shard int) PARTITIONED BY (run string)
  ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/runs/'
  TBLPROPERTIES ('projection.enabled' = 'true', 'projection.run.type' = 'injected',
    'storage.location.template' = 's3://lake/runs/\${run}/owners/')`;

/** Measures and splits registered bills through the Athena stand-in, over the very files that ReceiveBill left. */
export class Querying {
  readonly #engine: QueryEngine;
  readonly #receiving: Receiving;
  readonly close: () => Promise<void>;

  private constructor(receiving: Receiving, engine: QueryEngine, close: () => Promise<void>) {
    this.#receiving = receiving;
    this.#engine = engine;
    this.close = close;
  }

  static async start(receiving: Receiving): Promise<Querying> {
    const { objects } = receiving.s3;
    const standIn = await startAthena({ objects, tables: [], databases: ['bills'] });
    const client = new AthenaClient({
      region: 'eu-central-1',
      endpoint: standIn.endpoint,
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
    });
    const outputLocation = 's3://lake/athena/';
    const engine = athenaQueryEngine(client, {
      workGroup: 'primary',
      database: 'bills',
      outputLocation,
      pollMilliseconds: 10,
    });
    await engine.run(OWNERS, { timeoutSeconds: 30 });
    return new Querying(receiving, engine, async () => {
      client.destroy();
      await standIn.close();
    });
  }

  async measure(bill: DeliveredBill, period: string): Promise<readonly MeasureRow[]> {
    const tableName = await this.#table(bill);
    const statement = measureStatement({ bill, tableName, period: BillingPeriod.parse(period) });
    const id = await this.#engine.run(statement, { timeoutSeconds: 60 });
    return (await this.#engine.rows(id)).map(parseMeasureRow);
  }

  /** The rows that SplitByShard writes, with the shard that each lies in. */
  async split(bill: DeliveredBill, period: string, owners: readonly OwnerLine[] = []): Promise<readonly SplitRow[]> {
    const tableName = await this.#table(bill);
    const runId = RunId.parse(`run_${randomUUID().replaceAll('-', '').padEnd(40, '0')}`);
    await this.#receiving.lake.writeText(LAKE.owners(runId), owners.map((line) => JSON.stringify(line)).join('\n'));
    const select = splitSelect({ bill, tableName, runId, period: BillingPeriod.parse(period), unassignedShard: 7 });
    const to = LAKE.splitLocation(runId, '0-0');
    await this.#engine.run(
      `UNLOAD (${select}) TO 's3://lake/${to}' WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['shard'])`,
      { timeoutSeconds: 60 },
    );
    return await this.#readBack(to);
  }

  async #table(bill: DeliveredBill): Promise<string> {
    const uuid = randomUUID();
    const tableName = `delivered_${uuid.replaceAll('-', '_')}`;
    const list = bill.files.map(({ bucket, key }) => `s3://${bucket}/${key}`).join('\n');
    await this.#receiving.lake.writeText(LAKE.deliveredList(uuid), list);
    const location = `s3://lake/${LAKE.deliveredLocation(uuid)}`;
    await this.#engine.run(createDeliveredTable({ bill, tableName, location }), { timeoutSeconds: 30 });
    return tableName;
  }

  async #readBack(prefix: string): Promise<readonly SplitRow[]> {
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    const rows: SplitRow[] = [];
    for (const { key, path } of this.#receiving.s3.objects.list('lake', prefix)) {
      const shard = /shard=(\d+)\//.exec(key)?.[1] ?? null;
      const read = await connection.runAndReadAll(
        `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet('${path}', hive_partitioning = false)`,
      );
      for (const row of read.getRowObjectsJson()) rows.push({ ...lowerCase(row), shard });
    }
    connection.closeSync();
    database.closeSync();
    return rows;
  }
}

function lowerCase(row: Readonly<Record<string, unknown>>): SplitRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : null]),
  );
}
