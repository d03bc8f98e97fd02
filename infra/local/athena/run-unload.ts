import { basename, dirname, relative } from 'node:path';
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

export interface UnloadPlace {
  readonly objects: Objects;
  /** An empty local folder, for files on their way. */
  readonly folder: string;
  /** What this query's files begin with, and no other's: run once more after a crash it writes the same names. */
  readonly filePrefix: string;
  readonly outputNames: (engineNames: readonly string[]) => readonly string[];
}

/**
 * Runs the SELECT of an UNLOAD and puts its Parquet files under the target, below `name=value/` folders when
 * partitioned.
 *
 * A second query of a partitioned statement adds the rows a second time, as AWS documents; an unpartitioned one refuses
 * a prefix that holds anything. More than 100 partitions fail.
 */
export async function runUnload(
  { connection }: QueryDatabase,
  unload: Unload,
  place: UnloadPlace,
): Promise<UnloadResult> {
  requireEmpty(unload, place);
  const prepared = await connection.prepare(unload.select);
  const engineNames = Array.from({ length: prepared.columnCount }, (_, i) => prepared.columnName(i));
  const names = place.outputNames(engineNames).map((name) => name.toLowerCase());
  requirePartitionsLast(names, unload.partitionedBy);
  const partition = unload.partitionedBy.map(identifier).join(', ');
  await connection.run(
    `SET preserve_insertion_order = false; SET partitioned_write_flush_threshold = ${ROWS_PER_FLUSH}`,
  );
  const copied = await connection.runAndReadAll(
    `COPY (SELECT ${writtenColumns(prepared, names)} FROM (${unload.select}\n) AS q(${names.map((_, i) => `c${i}`).join(', ')}))
     TO ${literal(place.folder)} (FORMAT parquet, COMPRESSION ${unload.compression}, RETURN_FILES,
       ${partition ? `PARTITION_BY (${partition})` : 'PER_THREAD_OUTPUT'})`,
  );
  const { Count: rowCount, Files: written } = Copied.parse(copied.getRowObjectsJS()[0]);
  return { rowCount, files: rowCount > 0 ? await adoptFiles(unload, place, written) : [] };
}

function requireEmpty({ target, partitionedBy }: Unload, { objects, filePrefix }: UnloadPlace): void {
  const { bucket, key } = parseS3Folder(target);
  const others = objects.list(bucket, key).filter((object) => !object.key.startsWith(key + filePrefix));
  if (partitionedBy.length === 0 && others.length > 0)
    throw new QueryFailure('HIVE_PATH_ALREADY_EXISTS', `Target directory for table 'unload' already exists: ${target}`);
}

async function adoptFiles(unload: Unload, place: UnloadPlace, written: readonly string[]): Promise<string[]> {
  const { bucket, key } = parseS3Folder(unload.target);
  const folders = new Map(written.map((path) => [path, relative(place.folder, dirname(path))]));
  if (unload.partitionedBy.length > 0 && new Set(folders.values()).size > PARTITIONS_MAX)
    throw new QueryFailure(
      'HIVE_TOO_MANY_OPEN_PARTITIONS',
      `Exceeded limit of ${PARTITIONS_MAX} open writers for partitions/buckets`,
    );
  const files: string[] = [];
  for (const [path, below] of folders) {
    const name = `${place.filePrefix}_${basename(path, '.parquet')}`;
    files.push(s3Uri(await place.objects.adopt(bucket, `${key}${below && `${below}/`}${name}`, path)));
  }
  return files;
}
