import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Writes the rows of several ledgers into one Parquet file, so that a judge which takes seconds to read its rules reads
 * them once. A rule about rows holds for each ledger if it holds for all; one about a group of rows asks more of all.
 *
 * @throws Error where their columns or types are not the same, for a rule about columns would then mean one of them
 */
export async function ledgersInOne(ledgers: readonly string[], path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    const files = `[${ledgers.map(quoted).join(', ')}]`;
    const shapes = await connection.runAndReadAll(
      `SELECT DISTINCT shape FROM (SELECT string_agg(concat_ws(' ', name, type, logical_type, scale, precision), ', ' ORDER BY name) AS shape FROM parquet_schema(${files}) GROUP BY file_name)`,
    );
    if (shapes.currentRowCount !== 1) throw new Error(`the ledgers have ${shapes.currentRowCount} different shapes`);
    await connection.run(`COPY (SELECT * FROM read_parquet(${files})) TO ${quoted(path)} (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
