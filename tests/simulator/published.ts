import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { World } from './world.ts';

/** The published rows by list (`published/customer_charges/customer=…/period=…/acme.txt`), sorted; run ids left out. */
export type Published = ReadonlyMap<string, readonly string[]>;

/** Reads what readers would: every list there is, and the files that it names. */
export class PublishedReader {
  readonly #connection: DuckDBConnection;
  readonly #folder: string;
  readonly #rows = new Map<string, readonly string[]>();

  private constructor(connection: DuckDBConnection, folder: string) {
    this.#connection = connection;
    this.#folder = folder;
  }

  static async open(folder: string): Promise<PublishedReader> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new PublishedReader(connection, folder);
  }

  /** @throws where a list names a file twice or one that is not there. */
  async read({ lake }: World): Promise<Published> {
    const published = new Map<string, readonly string[]>();
    for (const key of lake.keys.filter((one) => /^(partner\/)?published\//.test(one))) {
      const uris = linesOf(lake.bytes(key)?.toString('utf8') ?? '');
      if (new Set(uris).size !== uris.length) throw new Error(`${key} names a file twice`);
      const rows: string[] = [];
      for (const uri of uris) {
        const bytes = lake.bytes(uri.replace(`s3://${lake.name}/`, ''));
        if (bytes === undefined) throw new Error(`${key} names ${uri}, which is not there`);
        rows.push(...(await this.#rowsOf(bytes)));
      }
      published.set(key, rows.sort());
    }
    return published;
  }

  async #rowsOf(bytes: Buffer): Promise<readonly string[]> {
    const name = createHash('sha256').update(bytes).digest('hex');
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    const path = join(this.#folder, `${name}.published`);
    if (!existsSync(path)) writeFileSync(path, bytes);
    const columns = await this.#connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${path}')`);
    const hasRun = columns.getRowObjects().some((column) => column.column_name === 'x_RunId');
    const read = await this.#connection.runAndReadAll(
      `SELECT CAST(to_json(r) AS VARCHAR) AS row FROM (SELECT ${hasRun ? '* EXCLUDE (x_RunId)' : '*'} FROM read_parquet('${path}')) AS r`,
    );
    const rows = read.getRowObjects().map(({ row }) => String(row));
    this.#rows.set(name, rows);
    return rows;
  }
}

/** The `s3://` lines of a list. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
