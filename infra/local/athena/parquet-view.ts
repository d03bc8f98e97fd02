import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { duckDbTypeOf, parseHiveType } from './hive-type.ts';
import { isReadableAs, parquetColumn } from './parquet-column.ts';
import { QueryFailure } from './query-failure.ts';
import { identifier, literal, pathList } from './sql-text.ts';
import type { TableFile, TableSource } from './table-source.ts';
import { partitionColumns, type ViewOptions } from './view-branch.ts';

/** A column as a file's footer has it. */
interface FileColumn {
  readonly name: string;
  readonly type: DuckDBType;
  /** A timestamp whose unit is the millisecond, so that nothing is there to round. */
  readonly isMillis: boolean;
}

/** The text of a file's schema: files of one text are scanned together, with types known beforehand. */
async function schemaTexts(connection: DuckDBConnection, files: readonly TableFile[]): Promise<Map<string, string>> {
  const reader = await connection.runAndReadAll(
    `SELECT file_name, string_agg(line, chr(10) ORDER BY place) FROM (
       SELECT file_name, row_number() OVER () AS place,
         concat_ws('|', name, type, type_length, num_children, converted_type, logical_type) AS line
       FROM parquet_schema(${pathList(files)})) GROUP BY file_name`,
  );
  return new Map(reader.getRows().map(([file, text]) => [String(file), String(text)]));
}

/** Columns by lower-case name: Trino matches by name and knows no capitals. */
async function fileColumns(connection: DuckDBConnection, path: string): Promise<ReadonlyMap<string, FileColumn>> {
  const units = await connection.runAndReadAll(
    `SELECT name FROM parquet_schema(${literal(path)}) WHERE logical_type LIKE '%MILLIS=MilliSeconds%'`,
  );
  const millis = new Set(units.getRows().map(([name]) => String(name)));
  const scan = await connection.prepare(`SELECT * FROM read_parquet(${literal(path)}, hive_partitioning = false)`);
  const columns = Array.from({ length: scan.columnCount }, (_, i) => {
    const name = scan.columnName(i);
    return [name.toLowerCase(), { name, type: scan.columnType(i), isMillis: millis.has(name) }] as const;
  });
  return new Map(columns);
}

function columnOf(file: TableFile, name: string, hive: string, found: FileColumn | undefined): string {
  const type = parseHiveType(hive);
  if (!found) return `CAST(NULL AS ${duckDbTypeOf(type)}) AS ${identifier(name)}`;
  if (!isReadableAs(found.type, type))
    throw new QueryFailure(
      'HIVE_BAD_DATA',
      `Field ${name}'s type ${found.type} in parquet file ${file.uri} is incompatible with type ${hive} defined in table schema`,
    );
  return `${parquetColumn(found.name, found.type, type, found.isMillis)} AS ${identifier(name)}`;
}

/** One SELECT per group of files that share schema and partition. */
export async function parquetBranches(
  connection: DuckDBConnection,
  { table, files }: TableSource,
  options: ViewOptions,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const schemas = await schemaTexts(connection, files);
  const groups = Map.groupBy(files, (file) =>
    JSON.stringify([schemas.get(file.path), ...file.partition.values(), options.withPath ? file.uri : '']),
  );
  const known = new Map<string, ReadonlyMap<string, FileColumn>>();
  const branches: string[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const schema = schemas.get(first.path) ?? first.path;
    const columns = known.get(schema) ?? (await fileColumns(connection, first.path));
    known.set(schema, columns);
    const list = [
      ...table.storageDescriptor.columns.map(({ name, type }) => columnOf(first, name, type, columns.get(name))),
      ...partitionColumns(table, first, options),
    ];
    branches.push(`SELECT ${list.join(', ')} FROM read_parquet(${pathList(group)}, hive_partitioning = false)`);
  }
  return branches;
}
