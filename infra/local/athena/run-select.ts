import { type DuckDBResult, SQLNULL } from '@duckdb/node-api';
import { columnInfoOf } from './column-info.ts';
import type { ParsedSelect } from './parsed-select.ts';
import type { QueryDatabase } from './query-database.ts';
import { type ResultRow, writeResultFile } from './result-file.ts';
import type { SelectResult } from './statement-engine.ts';
import { valueText } from './value-text.ts';

async function* rowsOf(header: ResultRow, result: DuckDBResult): AsyncGenerator<readonly ResultRow[]> {
  const types = result.columnTypes();
  yield [header];
  for await (const rows of result.yieldRows())
    yield rows.map((row) => row.map((value, i) => valueText(value, types[i] ?? SQLNULL)));
}

/** Runs the SELECT and streams its rows to a CSV file in Athena's form. */
export async function runSelect(
  { connection }: QueryDatabase,
  { sql, parsed, path }: { readonly sql: string; readonly parsed: ParsedSelect; readonly path: string },
): Promise<SelectResult> {
  const result = await connection.stream(sql);
  const names = parsed.outputNames(result.columnNames());
  const columns = result.columnTypes().map((type, i) => columnInfoOf(names[i] ?? '', type));
  return { columns, index: await writeResultFile(path, rowsOf(names, result)) };
}
