import { mkdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Objects } from '../s3/objects.ts';
import type { CallerRights, RightsOf } from './caller-rights.ts';
import type { CreateTable } from './create-table-statement.ts';
import { bindParameters } from './execution-parameters.ts';
import type { GlueCatalog } from './glue-catalog.ts';
import { placeIn, type SelectParser } from './parsed-select.ts';
import type { QueryExecution } from './query-execution.ts';
import type { QueryOutcome } from './query-outcome.ts';
import { runUnload } from './run-unload.ts';
import { parseS3Uri } from './s3-uri.ts';
import { type DropTable, parseStatement, type Select } from './statement.ts';
import type { OpenEngine } from './statement-engine.ts';
import { tableSources } from './table-source.ts';
import type { Unload } from './unload-statement.ts';

/** What every query shares. */
export interface QueryWorld {
  readonly rightsOf: RightsOf;
  readonly catalog: GlueCatalog;
  readonly parser: SelectParser;
  /** Local folder for what is on its way. */
  readonly folder: string;
  readonly openEngine: OpenEngine;
  readonly memoryLimit: string;
  readonly threads: number;
  readonly now: () => Date;
  /** Called with the path and address of every object read, so that errors can name the object. */
  readonly onFile: (path: string, uri: string) => void;
}

/** Puts a finished local file beside the query's result. */
async function putBeside(
  execution: QueryExecution,
  objects: Objects,
  { suffix, path }: { suffix: string; path: string },
) {
  const uri = `${execution.request.outputLocation}${execution.id}${suffix}`;
  const { bucket, key } = parseS3Uri(uri);
  await objects.adopt(bucket, key, path);
  return uri;
}

/** `20250301_140506_<id>`: Trino's names of files begin with the time and the query's id. */
function unloadPrefix({ id, submittedAt }: QueryExecution): string {
  const [day = '', time = ''] = submittedAt.toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${day}_${time}_${id}`;
}

async function runReading(
  execution: QueryExecution,
  statement: Select | Unload,
  rights: CallerRights,
  world: QueryWorld,
): Promise<QueryOutcome> {
  const { catalog, parser, memoryLimit, threads } = world;
  const { objects } = rights;
  const { database } = execution.request;
  const sql = statement.select;
  const parsed = await parser.parse(sql);
  const placeOf = (offset: number) => placeIn(sql, offset);
  const sources = tableSources(parsed.tables, { catalog, rights, database, now: world.now(), placeOf });
  const files = sources.flatMap((source) => source.files);
  for (const { path, uri } of files) world.onFile(path, uri);
  const scratch = join(world.folder, execution.id);
  const written = join(scratch, 'written');
  mkdirSync(written, { recursive: true });
  const databases = [...new Set([database, ...sources.map((source) => source.table.databaseName)])].filter(Boolean);
  const reading = { sql, parsed, sources, databases, folder: scratch, memoryLimit, threads };
  const engine = await world.openEngine(reading);
  execution.interrupt = engine.interrupt;
  if (execution.isOver) engine.interrupt();
  const dataScannedBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  try {
    if (statement.kind === 'SELECT') {
      const path = join(written, 'result.csv');
      const { columns, index } = await engine.select(path);
      const outputFile = await putBeside(execution, objects, { suffix: '.csv', path });
      return { kind: 'SELECT', outputFile, columns, index, updateCount: 0, dataScannedBytes };
    }
    const place = { objects, folder: written, filePrefix: unloadPrefix(execution) };
    const unloaded = await runUnload(engine, statement, place);
    const path = join(scratch, 'manifest.csv');
    await writeFile(path, unloaded.files.map((uri) => `${uri}\n`).join(''));
    const manifest = await putBeside(execution, objects, { suffix: '-manifest.csv', path });
    const outputFile = `${execution.request.outputLocation}${execution.id}`;
    return { kind: 'UNLOAD', outputFile, columns: [], updateCount: unloaded.rowCount, dataScannedBytes, manifest };
  } finally {
    execution.interrupt = () => {};
    await engine.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A statement that defines a table leaves an empty text file: https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html */
async function runDefining(
  execution: QueryExecution,
  statement: CreateTable | DropTable,
  { objects, requireGlue }: CallerRights,
  { catalog, folder }: QueryWorld,
): Promise<QueryOutcome> {
  const { database: context } = execution.request;
  const { kind, database = context, name } = statement;
  const table = [database.toLowerCase(), name.toLowerCase()] as const;
  requireGlue('GetDatabase', table[0]);
  requireGlue('GetTable', ...table);
  requireGlue(kind === 'CREATE_TABLE' ? 'CreateTable' : 'DeleteTable', ...table);
  if (kind === 'CREATE_TABLE') catalog.create(statement, context);
  else catalog.drop(statement, context);
  const path = join(folder, `${execution.id}.txt`);
  await writeFile(path, '');
  const outputFile = await putBeside(execution, objects, { suffix: '.txt', path });
  return { kind, outputFile, columns: [], updateCount: 0, dataScannedBytes: 0 };
}

/**
 * Runs one query to its end, with the rights of who asked for it.
 *
 * @throws QueryFailure in Athena's words, AccessDenied, or DuckDB's own error
 */
export async function runQuery(execution: QueryExecution, world: QueryWorld): Promise<QueryOutcome> {
  const { query, executionParameters, caller } = execution.request;
  const statement = parseStatement(bindParameters(query, executionParameters));
  const rights = world.rightsOf(caller);
  // Every query needs it: https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
  rights.requireGlue('GetDatabase', 'default');
  if (statement.kind === 'SELECT' || statement.kind === 'UNLOAD')
    return runReading(execution, statement, rights, world);
  return runDefining(execution, statement, rights, world);
}
