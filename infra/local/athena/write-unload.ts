import { type DuckDBPreparedStatement, DuckDBTypeId } from '@duckdb/node-api';
import { z } from 'zod';
import type { QueryDatabase } from './query-database.ts';
import { QueryFailure } from './query-failure.ts';
import { identifier, literal } from './sql-text.ts';
import type { WrittenFiles } from './statement-engine.ts';
import type { Unload } from './unload-statement.ts';

/** Rows a writer holds per partition before it writes: DuckDB's default needs gigabytes with 100 partitions. */
const ROWS_PER_FLUSH = 65_536;

/** Hive's columns have no wider integers and no finer instants; what is missing here is written as it is. */
const WRITTEN_AS: { readonly [Id in DuckDBTypeId]?: string } = {
  [DuckDBTypeId.HUGEINT]: 'BIGINT',
  [DuckDBTypeId.UBIGINT]: 'BIGINT',
  [DuckDBTypeId.UINTEGER]: 'BIGINT',
  [DuckDBTypeId.TIMESTAMP]: 'TIMESTAMP_MS',
  [DuckDBTypeId.TIMESTAMP_S]: 'TIMESTAMP_MS',
  [DuckDBTypeId.TIMESTAMP_NS]: 'TIMESTAMP_MS',
};

const UNSUPPORTED: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TIMESTAMP_TZ,
  DuckDBTypeId.TIME,
  DuckDBTypeId.TIME_TZ,
  DuckDBTypeId.INTERVAL,
  DuckDBTypeId.UUID,
]);

/** The columns as they are written: names lower-case, as every name of a Hive table. */
function writtenColumns(select: DuckDBPreparedStatement, names: readonly string[]): string {
  const columns = names.map((name, i) => {
    const type = select.columnType(i);
    if (UNSUPPORTED.has(type.typeId))
      throw new QueryFailure('NOT_SUPPORTED', `Unsupported Hive type: ${type} (column ${name})`);
    const written = WRITTEN_AS[type.typeId];
    return `${written ? `CAST(c${i} AS ${written})` : `c${i}`} AS ${identifier(name)}`;
  });
  return columns.join(', ');
}

function requirePartitionsLast(names: readonly string[], partitionedBy: readonly string[]): void {
  const last = names.slice(names.length - partitionedBy.length);
  if (partitionedBy.length >= names.length || last.join() !== partitionedBy.join())
    throw new QueryFailure(
      'HIVE_COLUMN_ORDER_MISMATCH',
      `Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(', ')}]`,
    );
}

/** DuckDB's answer to COPY … RETURN_FILES. */
const Copied = z.object({ Count: z.coerce.number(), Files: z.array(z.string()) });

/** Where the files go, and what their columns are called. */
interface UnloadFolder {
  /** An empty local folder. */
  readonly folder: string;
  readonly outputNames: (engineNames: readonly string[]) => readonly string[];
}

/** Runs the SELECT of an UNLOAD in DuckDB and writes Parquet with the types that Hive's columns have. */
export async function writeUnload(
  { connection }: QueryDatabase,
  unload: Unload,
  { folder, outputNames }: UnloadFolder,
): Promise<WrittenFiles> {
  const prepared = await connection.prepare(unload.select);
  const engineNames = Array.from({ length: prepared.columnCount }, (_, i) => prepared.columnName(i));
  const names = outputNames(engineNames).map((name) => name.toLowerCase());
  requirePartitionsLast(names, unload.partitionedBy);
  const partition = unload.partitionedBy.map(identifier).join(', ');
  await connection.run(
    `SET preserve_insertion_order = false; SET partitioned_write_flush_threshold = ${ROWS_PER_FLUSH}`,
  );
  const copied = await connection.runAndReadAll(
    `COPY (SELECT ${writtenColumns(prepared, names)} FROM (${unload.select}\n) AS q(${names.map((_, i) => `c${i}`).join(', ')}))
     TO ${literal(folder)} (FORMAT parquet, COMPRESSION ${unload.compression}, RETURN_FILES,
       ${partition ? `PARTITION_BY (${partition})` : 'PER_THREAD_OUTPUT'})`,
  );
  const { Count: rowCount, Files: paths } = Copied.parse(copied.getRowObjectsJS()[0]);
  return { rowCount, paths };
}
