import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { unchecked } from '../../infra/local/athena/caller-rights.ts';
import { openDuckDbEngine } from '../../infra/local/athena/duckdb-engine.ts';
import type { GlueCatalog } from '../../infra/local/athena/glue-catalog.ts';
import { SelectParser } from '../../infra/local/athena/parsed-select.ts';
import { QueryExecution } from '../../infra/local/athena/query-execution.ts';
import { queryResults } from '../../infra/local/athena/query-results.ts';
import { runQuery } from '../../infra/local/athena/run-query.ts';
import { parseS3Uri } from '../../infra/local/athena/s3-uri.ts';
import { ADMINISTRATOR } from '../../infra/local/iam/principal.ts';
import type { Objects, StoredObject } from '../../infra/local/s3/objects.ts';
import type { QueryRow } from '../../lib/ports/query-engine.ts';
import { Deeds } from './deeds.ts';

/** What a statement did, under the name of its query `HERE`. */
interface Deed {
  readonly rows: readonly QueryRow[];
  readonly written: ReadonlyMap<string, Buffer>;
}

/** Where a statement is run. */
interface Place {
  readonly objects: Objects;
  readonly catalog: GlueCatalog;
  readonly database: string;
  readonly now: Date;
}

/** Stands for a query's id and its run's in what is remembered. */
const HERE = 'query-here';
const RUN_HERE = `run_${'0'.repeat(40)}`;
const RUN_ID = /run_[0-9a-f]{40}/;

/**
 * Athena's engine, the stand-in's own, for all worlds of a process: a SELECT or UNLOAD over the same files is run once.
 * A run's id stands in names of tables and keys only, so it is no part of what is remembered.
 */
export class AthenaEngine {
  readonly #deeds: Deeds<Deed>;
  readonly #folder: string;
  readonly #parser: SelectParser;
  run = 0;

  private constructor(folder: string, deeds: string, parser: SelectParser) {
    this.#folder = folder;
    this.#deeds = new Deeds(deeds);
    this.#parser = parser;
  }

  static async open(folder: string, deeds: string): Promise<AthenaEngine> {
    mkdirSync(folder, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', enable_external_access: 'false' });
    return new AthenaEngine(folder, deeds, new SelectParser(await instance.connect()));
  }

  /**
   * Does a statement: its files appear under names with `id`, its rows are the answer.
   *
   * @throws whatever the engine throws.
   */
  async do(
    statement: string,
    { id, lake, ...place }: Place & { readonly id: string; readonly lake: string },
  ): Promise<readonly QueryRow[]> {
    const { objects } = place;
    const runId = RUN_ID.exec(statement)?.[0] ?? RUN_HERE;
    const reads = /^\s*(SELECT|WITH|UNLOAD)/i.test(statement);
    const name = reads ? this.#nameOf(statement, runId, { objects, lake }) : undefined;
    let deed = name === undefined ? undefined : this.#deeds.find(name);
    if (deed === undefined) {
      this.run += 1;
      deed = await this.#reallyDo(statement, place);
      if (name !== undefined) {
        const written = [...deed.written].map(([key, bytes]) => [key.replaceAll(runId, RUN_HERE), bytes] as const);
        this.#deeds.keep(name, { ...deed, written: new Map(written) });
      }
    }
    for (const [uri, bytes] of deed.written) {
      const { bucket, key } = parseS3Uri(uri.replaceAll(HERE, id).replaceAll(RUN_HERE, runId));
      const path = join(this.#folder, `${createHash('sha256').update(uri).digest('hex')}.written`);
      writeFileSync(path, bytes);
      await objects.adopt(bucket, key, path);
    }
    return deed.rows;
  }

  /** The statement with the content of everything a run's statements read; undefined where a listed file is gone. */
  #nameOf(
    statement: string,
    runId: string,
    { objects, lake }: { readonly objects: Objects; readonly lake: string },
  ): string | undefined {
    const hash = createHash('sha256').update(statement.replaceAll(runId, RUN_HERE));
    for (const part of ['delivered', 'owners'])
      for (const { path } of objects.list(lake, `runs/${runId}/${part}/`)) {
        const text = readFileSync(path, 'utf8');
        hash.update(`${part}:`).update(part === 'owners' ? text : '');
        if (part === 'owners') continue;
        for (const uri of text.split('\n').filter((line) => line !== '')) {
          const { bucket, key } = parseS3Uri(uri);
          const found = objects.find(bucket, key);
          if (found === undefined) return undefined;
          hash.update(found.etag);
        }
      }
    return hash.digest('hex');
  }

  async #reallyDo(query: string, { objects, catalog, database, now }: Place): Promise<Deed> {
    const written = new Map<string, Buffer>();
    const caught: Objects = {
      ...objects,
      find: (bucket, key) => this.#caught(written, bucket, key) ?? objects.find(bucket, key),
      adopt: async (bucket, key, path) => {
        written.set(`s3://${bucket}/${key}`, readFileSync(path));
        const stored = this.#caught(written, bucket, key);
        if (stored === undefined) throw new Error(`${key} was not caught`);
        return stored;
      },
    };
    const request = {
      ...{
        query,
        database,
        catalog: 'AwsDataCatalog',
        workGroup: 'simulator',
        executionParameters: [],
        caller: ADMINISTRATOR,
      },
      outputLocation: 's3://results/',
    };
    const submittedAt = now.getTime();
    const execution = new QueryExecution({ id: HERE, request, state: 'RUNNING', submittedAt }, () => {});
    const outcome = await runQuery(execution, {
      ...{
        rightsOf: unchecked(caught),
        openEngine: openDuckDbEngine,
        catalog,
        parser: this.#parser,
        folder: this.#folder,
      },
      ...{ memoryLimit: '500MB', threads: 1, now: () => now, onFile: () => {} },
    });
    execution.succeed(outcome);
    const rows = outcome.index === undefined ? [] : await rowsOf(execution, caught);
    for (const uri of written.keys()) if (uri.startsWith('s3://results/')) written.delete(uri);
    return { rows, written };
  }

  #caught(written: ReadonlyMap<string, Buffer>, bucket: string, key: string): StoredObject | undefined {
    const bytes = written.get(`s3://${bucket}/${key}`);
    if (bytes === undefined) return undefined;
    const etag = createHash('md5').update(bytes).digest('hex');
    const path = join(this.#folder, `${etag}.caught`);
    writeFileSync(path, bytes);
    return { bucket, key, path, etag, sizeBytes: bytes.length };
  }
}

const Page = z.object({
  ResultSet: z.object({
    Rows: z.array(z.object({ Data: z.array(z.object({ VarCharValue: z.string().optional() })) })),
    ResultSetMetadata: z.object({ ColumnInfo: z.array(z.object({ Name: z.string() })) }),
  }),
});

/** All rows of a SELECT as the port has them; the first is its header. */
async function rowsOf(execution: QueryExecution, objects: Objects): Promise<readonly QueryRow[]> {
  const { ResultSet } = Page.parse(await queryResults(execution, objects, { first: 0, count: 100_000 }));
  const names = ResultSet.ResultSetMetadata.ColumnInfo.map(({ Name }) => Name);
  return ResultSet.Rows.slice(1).map(({ Data }) =>
    Object.fromEntries(names.map((name, index) => [name, Data[index]?.VarCharValue ?? null])),
  );
}
