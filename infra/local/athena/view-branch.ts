import type { GlueTable } from './glue-table.ts';
import { duckDbTypeOf, parseHiveType } from './hive-type.ts';
import { identifier, literal } from './sql-text.ts';
import type { TableFile } from './table-source.ts';

export interface ViewOptions {
  /** Add the column `$path`. In Athena it is hidden; here `*` shows it too where a statement asks for it by name. */
  readonly withPath: boolean;
}

/** What a file's place adds to its rows: the partition's values, last as in Athena, and its address. */
export function partitionColumns(table: GlueTable, file: TableFile, { withPath }: ViewOptions): readonly string[] {
  const partition = table.partitionKeys.map(
    ({ name, type }) =>
      `CAST(${literal(file.partition.get(name) ?? '')} AS ${duckDbTypeOf(parseHiveType(type))}) AS ${identifier(name)}`,
  );
  return withPath ? [...partition, `${literal(file.uri)} AS "$path"`] : partition;
}
