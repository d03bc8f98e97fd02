import { randomUUID } from 'node:crypto';
import { dirname, relative } from 'node:path';
import { type DuckDBPreparedStatement, DuckDBTypeId } from '@duckdb/node-api';
import { z } from 'zod';
import type { Objects } from '../s3/objects.ts';
import type { QueryDatabase } from './query-database.ts';
import { QueryFailure } from './query-failure.ts';
import { parseS3Folder, s3Uri } from './s3-uri.ts';
import { identifier, literal } from './sql-text.ts';
import type { Unload } from './unload-statement.ts';

/** https://docs.aws.amazon.com/athena/latest/ug/unload.html#unload-considerations-and-limitations */
const PARTITIONS_MAX = 100;

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

export interface UnloadResult {
  readonly rowCount: number;
  /** `s3://` addresses of the files this statement wrote. */
  readonly files: readonly string[];
}

/**
 * Runs the SELECT of an UNLOAD and puts its Parquet files under the target, below `name=value/` folders when
 * partitioned.
 *
 * A partitioned statement that runs again adds its rows a second time, as AWS documents; an unpartitioned one refuses
 * a prefix that holds anything. More than 100 partitions fail.
 *
 * @param folder an empty local folder, for files on their way.
 */
export async function runUnload(
  { connection }: QueryDatabase,
  unload: Unload,
  {
    objects,
    folder,
    outputNames,
  }: {
    readonly objects: Objects;
    readonly folder: string;
    readonly outputNames: (engineNames: readonly string[]) => readonly string[];
  },
): Promise<UnloadResult> {
  const { bucket, key } = parseS3Folder(unload.target);
  if (unload.partitionedBy.length === 0 && objects.list(bucket, key).length > 0)
    throw new QueryFailure(
      'HIVE_PATH_ALREADY_EXISTS',
      `Target directory for table 'unload' already exists: ${unload.target}`,
    );
  const prepared = await connection.prepare(unload.select);
  const engineNames = Array.from({ length: prepared.columnCount }, (_, i) => prepared.columnName(i));
  const names = outputNames(engineNames).map((name) => name.toLowerCase());
  requirePartitionsLast(names, unload.partitionedBy);
  const partition =
    unload.partitionedBy.length > 0
      ? `PARTITION_BY (${unload.partitionedBy.map(identifier).join(', ')})`
      : 'PER_THREAD_OUTPUT';
  await connection.run(
    `SET preserve_insertion_order = false; SET partitioned_write_flush_threshold = ${ROWS_PER_FLUSH}`,
  );
  const copied = await connection.runAndReadAll(
    `COPY (SELECT ${writtenColumns(prepared, names)} FROM (${unload.select}\n) AS q(${names.map((_, i) => `c${i}`).join(', ')}))
     TO ${literal(folder)} (FORMAT parquet, COMPRESSION ${unload.compression}, RETURN_FILES, ${partition})`,
  );
  return adoptFiles(unload, { objects, folder, copied: copied.getRowObjectsJS()[0] });
}

async function adoptFiles(
  unload: Unload,
  { objects, folder, copied }: { readonly objects: Objects; readonly folder: string; readonly copied: unknown },
): Promise<UnloadResult> {
  const { Count: rowCount, Files: written } = Copied.parse(copied);
  const { bucket, key } = parseS3Folder(unload.target);
  const folders = new Map(written.map((path) => [path, relative(folder, dirname(path))]));
  if (unload.partitionedBy.length > 0 && new Set(folders.values()).size > PARTITIONS_MAX)
    throw new QueryFailure(
      'HIVE_TOO_MANY_OPEN_PARTITIONS',
      `Exceeded limit of ${PARTITIONS_MAX} open writers for partitions/buckets`,
    );
  const name = `${new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '_')}_00001_local`;
  const files: string[] = [];
  for (const [path, below] of rowCount > 0 ? folders : []) {
    const object = await objects.adopt(bucket, `${key}${below && `${below}/`}${name}_${randomUUID()}`, path);
    files.push(s3Uri(object));
  }
  return { rowCount, files };
}
