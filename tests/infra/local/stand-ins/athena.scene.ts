import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  type ResultSet,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import { type AthenaOptions, type AthenaStandIn, startAthena } from '../../../../infra/local/athena/athena.ts';
import { FolderObjects } from './athena.objects.ts';

/** Another Athena to run the same tests against: `STAND_IN=athena ENDPOINT=… [OUTPUT=s3://bucket/prefix/]`. */
export const elsewhere = process.env.STAND_IN === 'athena' ? process.env.ENDPOINT : undefined;

/** Why tests that lay files down are left out against another endpoint. */
export const NEEDS_FILES = 'the test lays files down beside the engine, which only works with our own stand-in';

const DATABASE = 'apportion';
const OUTPUT = process.env.OUTPUT ?? 's3://lake/athena/';

export interface Finished {
  readonly execution: QueryExecution;
  /** The rows without the header; null is NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

const rowsOf = (set: ResultSet | undefined) =>
  (set?.Rows ?? []).map((row) => (row.Data ?? []).map(({ VarCharValue = null }) => VarCharValue));

/** One Athena with its SDK client, and the folder of objects it reads. */
export class AthenaScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'athena-scene-'));
  readonly objects: FolderObjects;
  readonly client: AthenaClient;
  readonly #standIn: Pick<AthenaStandIn, 'endpoint' | 'close'>;

  constructor(standIn: Pick<AthenaStandIn, 'endpoint' | 'close'>, objects: FolderObjects) {
    this.#standIn = standIn;
    this.objects = objects;
    this.client = new AthenaClient({
      endpoint: standIn.endpoint,
      region: 'eu-central-1',
      maxAttempts: 1,
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
    });
  }

  async start(QueryString: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<string> {
    const { QueryExecutionId } = await this.client.send(
      new StartQueryExecutionCommand({
        QueryString,
        ClientRequestToken: randomUUID(),
        QueryExecutionContext: { Database: DATABASE },
        ResultConfiguration: { OutputLocation: OUTPUT },
        ...more,
      }),
    );
    return QueryExecutionId ?? '';
  }

  async execution(QueryExecutionId: string): Promise<QueryExecution> {
    return (await this.client.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution ?? {};
  }

  /** Waits until the query is over, whatever its end. */
  async end(id: string): Promise<QueryExecution> {
    for (;;) {
      const execution = await this.execution(id);
      if (!['QUEUED', 'RUNNING'].includes(execution.Status?.State ?? '')) return execution;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Runs a statement that must succeed and reads its first page. */
  async run(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<Finished> {
    const execution = await this.end(await this.start(sql, more));
    if (execution.Status?.State !== 'SUCCEEDED')
      throw new Error(`${execution.Status?.State}: ${execution.Status?.StateChangeReason}`);
    const { ResultSet: set } = await this.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
    );
    const columns = (set?.ResultSetMetadata?.ColumnInfo ?? []).map((info) => ({
      name: info.Name ?? '',
      type: info.Type === 'decimal' ? `decimal(${info.Precision},${info.Scale})` : (info.Type ?? ''),
    }));
    return { execution, columns, rows: rowsOf(set).slice(1) };
  }

  /** The one value of a SELECT. */
  async value(sql: string): Promise<string | null | undefined> {
    return (await this.run(sql)).rows[0]?.[0];
  }

  /** Why the statement fails. */
  async failure(sql: string): Promise<string> {
    const { Status } = await this.end(await this.start(sql));
    return Status?.State === 'FAILED' ? (Status.StateChangeReason ?? '') : `${Status?.State}, not FAILED`;
  }

  /** Writes a Parquet object with DuckDB, which is not the instance under test. */
  async parquet(key: string, select: string): Promise<string> {
    const path = this.objects.newPath('x.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
    instance.closeSync();
    await this.objects.adopt('lake', key, path);
    return `s3://lake/${key}`;
  }

  /** Reads the Parquet objects under a prefix. */
  async readParquet(prefix: string, select: string): Promise<unknown[][]> {
    return (await this.#scan(prefix, select)).getRowsJson();
  }

  /** The columns of the Parquet objects under a prefix, as they are spelt. */
  async columnNames(prefix: string): Promise<string[]> {
    return (await this.#scan(prefix, 'SELECT *')).columnNames();
  }

  async #scan(prefix: string, select: string) {
    const paths = this.objects.list('lake', prefix).map(({ path }) => `'${path}'`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    return connection.runAndReadAll(`${select} FROM read_parquet([${paths}], hive_partitioning = false)`);
  }

  /** Stops the Athena and keeps the files. */
  async stop(): Promise<void> {
    this.client.destroy();
    await this.#standIn.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A scene for the tests of one file: our stand-in, or the Athena elsewhere. */
export function athenaScene(options: Partial<AthenaOptions> = {}): () => AthenaScene {
  const folder = mkdtempSync(join(tmpdir(), 'athena-objects-'));
  const objects = new FolderObjects(folder);
  let scene: AthenaScene;
  beforeAll(async () => {
    const standIn = elsewhere
      ? { endpoint: elsewhere, close: async () => {} }
      : await startAthena({ objects, tables: [], databases: [DATABASE], ...options });
    scene = new AthenaScene(standIn, objects);
  });
  afterAll(async () => {
    await scene?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => scene;
}
