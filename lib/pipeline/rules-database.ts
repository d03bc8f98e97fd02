import type { Database, OpenDatabase } from '../ports/database.ts';
import { DUCKDB_MACROS } from '../sql/duckdb-macros.ts';

/** A Lambda function of up to 3 GB has two processors. */
const THREADS = 2;

/** Does `act` with a database that knows what compiled rules call and reads files of `folder` only; closes it, however it ends. */
export async function inRulesDatabase<Result>(
  { openDatabase, memoryMegabytes }: { readonly openDatabase: OpenDatabase; readonly memoryMegabytes: number },
  folder: string,
  act: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase({ folder, memoryMegabytes, threads: THREADS });
  try {
    for (const macro of DUCKDB_MACROS) await database.run(macro);
    return await act(database);
  } finally {
    database.close();
  }
}
