import type { DuckDBConnection } from '@duckdb/node-api';
import type { GlueTable } from './glue-table.ts';
import { duckDbTypeOf, parseHiveType } from './hive-type.ts';
import { jsonBranches } from './json-view.ts';
import { parquetBranches } from './parquet-view.ts';
import { QueryFailure } from './query-failure.ts';
import { identifier } from './sql-text.ts';
import type { TableSource } from './table-source.ts';
import type { ViewOptions } from './view-branch.ts';

const READERS: Readonly<Record<string, typeof parquetBranches>> = {
  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe': parquetBranches,
  'org.openx.data.jsonserde.JsonSerDe': jsonBranches,
  'org.apache.hive.hcatalog.data.JsonSerDe': jsonBranches,
};

/** The table's columns without a row. */
function emptyBranch(table: GlueTable, { withPath }: ViewOptions): string {
  const columns = [...table.storageDescriptor.columns, ...table.partitionKeys].map(
    ({ name, type }) => `CAST(NULL AS ${duckDbTypeOf(parseHiveType(type))}) AS ${identifier(name)}`,
  );
  return `SELECT ${[...columns, ...(withPath ? [`'' AS "$path"`] : [])].join(', ')} WHERE false`;
}

/**
 * Makes the table visible to a statement under its own database and name.
 *
 * @throws QueryFailure HIVE_BAD_DATA where a file's type is not the table's; HIVE_UNSUPPORTED_FORMAT
 */
export async function createTableView(
  connection: DuckDBConnection,
  source: TableSource,
  options: ViewOptions,
): Promise<void> {
  const { databaseName, name, storageDescriptor } = source.table;
  const serde = storageDescriptor.serdeInfo.serializationLibrary;
  const read = READERS[serde];
  if (!read)
    throw new QueryFailure('HIVE_UNSUPPORTED_FORMAT', `${databaseName}.${name}: this stand-in does not read ${serde}`);
  const branches = await read(connection, source, options);
  const body = branches.length > 0 ? branches.join(' UNION ALL ') : emptyBranch(source.table, options);
  await connection.run(`CREATE VIEW ${identifier(databaseName)}.${identifier(name)} AS ${body}`);
}
