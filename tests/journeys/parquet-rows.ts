import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { exact, plain } from './exact.ts';

/** One row of a file as text by column; money as a plain decimal, maps as JSON. */
export type TextRow = Readonly<Record<string, string | null>>;

/** All rows of Parquet files, every column as it is spelt in them. */
export async function parquetRows(paths: readonly string[]): Promise<TextRow[]> {
  if (paths.length === 0) return [];
  const files = `read_parquet([${paths.map(text).join(', ')}])`;
  return await withDuckdb(async (connection) => {
    const described = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${files}`)).getRowObjects();
    const columns = described.map(({ column_name, column_type }) => ({
      name: String(column_name),
      type: String(column_type),
    }));
    const selected = columns.map(({ name, type }) => {
      const column = `"${name.replaceAll('"', '""')}"`;
      return `'=' || ${type.startsWith('MAP') ? `to_json(${column})` : column}::VARCHAR AS ${column}`;
    });
    const rows = (await connection.runAndReadAll(`SELECT ${selected.join(', ')} FROM ${files}`)).getRowObjects();
    return rows.map((row) =>
      Object.fromEntries(columns.map(({ name, type }) => [name, valueAsText(row[name] ?? null, type)])),
    );
  });
}

/** Writes Parquet of a SELECT: bills as providers' exports write them. */
export async function writeParquet(select: string, path: string): Promise<void> {
  await withDuckdb((connection) => connection.run(`COPY (${select}) TO ${text(path)} (FORMAT parquet)`));
}

async function withDuckdb<Result>(act: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return await act(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The text after the `=`, which keeps Node's binding from taking a leading U+FEFF for a byte order mark. */
function valueAsText(value: unknown, type: string): string | null {
  if (value === null) return null;
  const text = String(value).slice(1);
  return type.startsWith('DECIMAL') ? plain(exact(text)) : text;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
