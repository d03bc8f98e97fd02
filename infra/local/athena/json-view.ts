import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDbTypeOf, parseHiveType } from './hive-type.ts';
import { identifier, literal, pathList } from './sql-text.ts';
import type { TableFile, TableSource } from './table-source.ts';
import { partitionColumns, type ViewOptions } from './view-branch.ts';

/** The keys that the files' objects have, as they are spelt. */
async function keysOf(connection: DuckDBConnection, files: readonly TableFile[]): Promise<readonly string[]> {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT unnest(json_keys(json)) FROM read_ndjson_objects(${pathList(files)})`,
  );
  return reader.getRows().map(([key]) => String(key));
}

/** DuckDB's path of a top-level key, dots and quotes and all. */
const pathTo = (key: string): string => literal(`$."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);

/**
 * A column's value: text and numbers through their own digits, so that `"1.10"` reaches a decimal unharmed; a JSON
 * number with a fraction has passed through a double already and keeps some 16 digits, so money belongs in quotes.
 */
function columnOf(name: string, hive: string, keys: readonly string[]): string {
  const type = parseHiveType(hive);
  const isNested = ['array', 'map', 'struct'].includes(type.kind);
  const found = keys
    .filter((key) => key.toLowerCase() === name)
    .map((key) => `${isNested ? 'json_extract' : 'json_extract_string'}(json, ${pathTo(key)})`);
  const value = found.length > 1 ? `coalesce(${found.join(', ')})` : (found[0] ?? 'NULL');
  return `CAST(${value} AS ${duckDbTypeOf(type)}) AS ${identifier(name)}`;
}

/** One SELECT per partition over files of one JSON object a line (`org.openx.data.jsonserde.JsonSerDe`). */
export async function jsonBranches(
  connection: DuckDBConnection,
  { table, files }: TableSource,
  options: ViewOptions,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const keys = await keysOf(connection, files);
  const columns = table.storageDescriptor.columns.map(({ name, type }) => columnOf(name, type, keys));
  const groups = Map.groupBy(files, (file) =>
    JSON.stringify([...file.partition.values(), options.withPath ? file.uri : '']),
  );
  return [...groups.values()].map((group) => {
    const place = group[0] ? partitionColumns(table, group[0], options) : [];
    return `SELECT ${[...columns, ...place].join(', ')} FROM read_ndjson_objects(${pathList(group)})`;
  });
}
