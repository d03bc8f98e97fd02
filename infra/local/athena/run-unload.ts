import { basename, dirname, relative } from 'node:path';
import type { Objects } from '../s3/objects.ts';
import { QueryFailure } from './query-failure.ts';
import { parseS3Folder, s3Uri } from './s3-uri.ts';
import type { StatementEngine } from './statement-engine.ts';
import type { Unload } from './unload-statement.ts';

/** https://docs.aws.amazon.com/athena/latest/ug/unload.html#unload-considerations-and-limitations */
const PARTITIONS_MAX = 100;

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
}

/**
 * Runs the SELECT of an UNLOAD and puts its Parquet files under the target, below `name=value/` folders when
 * partitioned.
 *
 * A second query of a partitioned statement adds the rows a second time, as AWS documents; an unpartitioned one refuses
 * a prefix that holds anything. More than 100 partitions fail.
 */
export async function runUnload(engine: StatementEngine, unload: Unload, place: UnloadPlace): Promise<UnloadResult> {
  requireEmpty(unload, place);
  const { rowCount, paths } = await engine.write(unload, place.folder);
  return { rowCount, files: rowCount > 0 ? await adoptFiles(unload, place, paths) : [] };
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
