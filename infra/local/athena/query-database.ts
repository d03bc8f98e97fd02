import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { keepByteOrderMarks } from './keep-byte-order-marks.ts';
import { identifier, literal } from './sql-text.ts';
import { TRINO_MACROS } from './trino-macros.ts';

export interface QueryDatabaseOptions {
  /** The only files the statement can reach. */
  readonly files: readonly string[];
  /** The only folder it can write to, and where DuckDB spills to; must exist. */
  readonly folder: string;
  /** Schemas to have, the statement's own first. */
  readonly databases: readonly string[];
  /** DuckDB's, such as `2GB`. */
  readonly memoryLimit: string;
  readonly threads: number;
}

/** A DuckDB of its own for one statement, so that nothing of one query is ever seen by another. */
export interface QueryDatabase {
  readonly connection: DuckDBConnection;
  /** Makes whatever runs, and whatever is run later, fail until the database is closed. */
  interrupt(): void;
  close(): void;
}

/** DuckDB forgets an interrupt that comes between two steps of a query, so it is said again. */
const INTERRUPT_MILLISECONDS = 50;

/** Opens an empty DuckDB that speaks Trino's names, in UTC, cut off from all files but the given ones. */
export async function openQueryDatabase(options: QueryDatabaseOptions): Promise<QueryDatabase> {
  const { files, folder, databases, memoryLimit, threads } = options;
  keepByteOrderMarks();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memoryLimit,
    temp_directory: folder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const path = [...databases.slice(0, 1), 'main'].map((name) => identifier(name)).join(',');
  await connection.run(`
    ${TRINO_MACROS}
    ${databases.map((name) => `CREATE SCHEMA IF NOT EXISTS ${identifier(name)};`).join('\n')}
    SET TimeZone = 'UTC';
    SET integer_division = true;
    SET search_path = ${literal(path)};
    SET allowed_paths = [${files.map(literal).join(', ')}];
    SET allowed_directories = [${literal(folder)}];
    SET enable_external_access = false;
  `);
  let interrupting: NodeJS.Timeout | undefined;
  return {
    connection,
    interrupt: () => {
      connection.interrupt();
      interrupting ??= setInterval(() => connection.interrupt(), INTERRUPT_MILLISECONDS);
    },
    close: () => {
      clearInterval(interrupting);
      connection.closeSync();
      instance.closeSync();
    },
  };
}
