import type { CallerRights } from './caller-rights.ts';
import type { GlueCatalog } from './glue-catalog.ts';
import type { GlueTable } from './glue-table.ts';
import { projectedPartitions } from './partition-projection.ts';
import { parseS3Folder, s3Uri } from './s3-uri.ts';
import { tableFiles } from './table-files.ts';
import type { TableReference } from './table-reference.ts';

/** One file a query reads as part of a table. */
export interface TableFile {
  readonly path: string;
  readonly uri: string;
  readonly sizeBytes: number;
  /** The text of each partition column. */
  readonly partition: ReadonlyMap<string, string>;
}

/** A table with the files that all its mentions in one statement need. */
export interface TableSource {
  readonly table: GlueTable;
  readonly files: readonly TableFile[];
}

/** What is the same for every table of a statement. */
export interface SourceContext {
  readonly catalog: GlueCatalog;
  /** Of who asks. */
  readonly rights: CallerRights;
  /** The database of names without one. */
  readonly database: string;
  readonly now: Date;
  /** `line 1:15` of a byte offset in the statement. */
  readonly placeOf: (offset: number) => string;
}

/**
 * Finds the files of every table a statement mentions. Two mentions of one table share a source: each keeps its own
 * conditions in the statement, so files that only the other needs add nothing to it.
 *
 * @throws QueryFailure for unknown tables, missing files and unbound injected columns; AccessDenied
 */
export function tableSources(references: readonly TableReference[], context: SourceContext): readonly TableSource[] {
  const { catalog, rights, database, now, placeOf } = context;
  const { objects } = rights;
  const byTable = Map.groupBy(references, ({ database: own = database, name, offset }) => {
    rights.requireGlue('GetDatabase', own.toLowerCase());
    rights.requireGlue('GetTable', own.toLowerCase(), name.toLowerCase());
    return catalog.require(own, name, placeOf(offset));
  });
  return [...byTable].map(([table, mentions]) => {
    const partitions = mentions.flatMap((mention) => projectedPartitions(table, mention, now));
    const distinct = new Map(partitions.map((partition) => [partition.location, partition]));
    const buckets = new Set([...distinct.keys()].map((location) => parseS3Folder(location).bucket));
    for (const bucket of buckets) rights.requireBucketLocation(bucket);
    const files = [...distinct.values()].flatMap(({ location, values }) =>
      tableFiles(objects, table, location).map(({ bucket, key, path, sizeBytes }) => ({
        path,
        uri: s3Uri({ bucket, key }),
        sizeBytes,
        partition: values,
      })),
    );
    const linked = new Set(files.map(({ uri }) => parseS3Folder(uri).bucket));
    for (const bucket of linked) if (!buckets.has(bucket)) rights.requireBucketLocation(bucket);
    return { table, files };
  });
}
