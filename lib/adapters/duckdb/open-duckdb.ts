import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Database, OpenDatabase } from '../../ports/database.ts';
import { literal } from '../../sql/literal.ts';
import { keepByteOrderMarks } from './keep-byte-order-marks.ts';
import { TRINO_MACROS } from './trino-macros.ts';

/**
 * Opens a DuckDB of its own for one worker invocation. It never fetches an extension, touches no file outside `folder`
 * (what a statement of ours could be tricked into), spills there, and thinks in UTC.
 */
export const openDuckdb: OpenDatabase = async ({ folder, memoryMegabytes, threads }) => {
  keepByteOrderMarks();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${memoryMegabytes}MB`,
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await connect(instance);
  // IN with more than a few values becomes a hash join of its own otherwise: 27 MB for each rule with such a list.
  await connection.run("SET disabled_optimizers = 'in_clause'");
  await connection.run(`SET allowed_directories = [${literal(folder)}]`);
  await connection.run('SET enable_external_access = false');
  for (const macro of TRINO_MACROS) await connection.run(macro);
  return database(instance, connection, () => instance.closeSync());
};

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

function database(instance: DuckDBInstance, connection: DuckDBConnection, closeInstance = () => {}): Database {
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader
        .getRowObjects()
        .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)])));
    },
    another: async () => database(instance, await connect(instance)),
    close: () => {
      connection.closeSync();
      closeInstance();
    },
  };
}

/** DuckDB's values print themselves to the last digit; `String` adds nothing to text and whole numbers. */
function asText(value: DuckDBValue): string | null {
  return value === null ? null : String(value);
}
