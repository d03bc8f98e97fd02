import { openQueryDatabase } from './query-database.ts';
import { runSelect } from './run-select.ts';
import type { Reading, StatementEngine } from './statement-engine.ts';
import { createTableView } from './table-view.ts';
import { writeUnload } from './write-unload.ts';

/** DuckDB as the engine of one statement: each table is a view over its files. */
export async function openDuckDbEngine(reading: Reading): Promise<StatementEngine> {
  const { sources, parsed, sql, ...options } = reading;
  const files = sources.flatMap((source) => source.files.map(({ path }) => path));
  const database = await openQueryDatabase({ ...options, files });
  const { connection } = database;
  let isPrepared = false;
  const prepare = async () => {
    if (isPrepared) return;
    isPrepared = true;
    for (const source of sources) await createTableView(connection, source, { withPath: parsed.usesPath });
  };
  return {
    select: async (path) => {
      await prepare();
      return await runSelect(database, { sql, parsed, path });
    },
    write: async (unload, folder) => {
      await prepare();
      return await writeUnload(database, unload, { folder, outputNames: parsed.outputNames });
    },
    interrupt: database.interrupt,
    close: database.close,
  };
}
