import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { ColumnInfo } from '../../../infra/local/athena/column-info.ts';
import type { GlueTable } from '../../../infra/local/athena/glue-table.ts';
import { type HiveType, parseHiveType } from '../../../infra/local/athena/hive-type.ts';
import { QueryFailure } from '../../../infra/local/athena/query-failure.ts';
import { writeResultFile } from '../../../infra/local/athena/result-file.ts';
import { identifier, literal } from '../../../infra/local/athena/sql-text.ts';
import type { OpenEngine, Reading, StatementEngine } from '../../../infra/local/athena/statement-engine.ts';
import type { TableSource } from '../../../infra/local/athena/table-source.ts';
import type { Unload } from '../../../infra/local/athena/unload-statement.ts';
import type { AnswerMemory } from '../answer-memory.ts';
import { type Trino, TrinoAnswer, TrinoError } from './trino-client.ts';
import { trinoColumn, trinoText } from './trino-values.ts';

/** Trino's word for what a table's files are read with. */
const FORMATS: Readonly<Record<string, string>> = {
  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe': 'PARQUET',
  'org.openx.data.jsonserde.JsonSerDe': 'OPENX_JSON',
  'org.apache.hive.hcatalog.data.JsonSerDe': 'JSON',
};

/**
 * Trino as the engine of statements, one at a time: a statement's tables are made in a schema of their database's name,
 * over folders in which the files that Athena would read are linked, and dropped behind it. None of it is done where the
 * answer is in memory.
 */
export function trinoEngine(trino: Trino, memory: AnswerMemory): OpenEngine {
  let last = Promise.resolve();
  return async (reading) => {
    const { promise: done, resolve: leave } = Promise.withResolvers<void>();
    const before = last;
    last = before.then(() => done);
    await before;
    return statementEngine(trino, memory, reading, leave);
  };
}

function statementEngine(trino: Trino, memory: AnswerMemory, reading: Reading, leave: () => void): StatementEngine {
  let isInterrupted = false;
  const { sql, databases } = reading;
  const schema = databases[0] ?? 'default';
  const run = (statement: string, properties = {}) => {
    if (isInterrupted) throw new QueryFailure('USER_CANCELED', 'Query was canceled');
    return trino(statement, { schema, properties });
  };
  const answer = async <Answer>(statement: string, as: z.ZodType<Answer>, ask: () => Promise<Answer>) => {
    const tables = await Promise.all(reading.sources.map(tableInQuestion));
    const withTables = async () => {
      try {
        await createTables(trino, reading);
        return await ask();
      } catch (error) {
        throw asFailure(error);
      } finally {
        await dropTables(trino, reading);
      }
    };
    // A row that tells its file has an answer of its own in each folder.
    const where = reading.parsed.usesPath ? reading.folder : '';
    return await memory.answer({ statement, schema, tables, where }, as, withTables);
  };
  return {
    select: async (path) => {
      const { columns, rows } = await answer(sql, TrinoAnswer, () => run(sql));
      const infos = columns.map(({ name, type }): ColumnInfo => trinoColumn(name, type));
      const lines = rows.map((row) => row.map((value, index) => trinoText(value, columns[index]?.type ?? '')));
      const index = await writeResultFile(
        path,
        (async function* () {
          yield [columns.map(({ name }) => name)];
          yield lines;
        })(),
      );
      return { columns: infos, index };
    },
    write: async (unload, folder) => {
      const table = `hive.${identifier(schema)}."unload"`;
      const codec = unload.compression.toUpperCase().replace('UNCOMPRESSED', 'NONE');
      const select = `${unloadProperties(unload)} AS ${sql}`;
      const own = join(reading.folder, 'unloaded');
      const { rowCount, files } = await answer(`${codec} ${select}`, Unloaded, async () => {
        const location = `external_location = ${literal(locationOf(own))}`;
        const { updateCount } = await run(`CREATE TABLE ${table} WITH (${location}, ${select}`, {
          'hive.compression_codec': codec,
        });
        await run(`DROP TABLE ${table}`);
        return { rowCount: updateCount, files: await filesBelow(own) };
      });
      const paths = files.map(({ path }) => join(folder, path));
      for (const [index, path] of paths.entries()) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, files[index]?.base64 ?? '', 'base64');
      }
      return { rowCount, paths };
    },
    interrupt: () => {
      isInterrupted = true;
    },
    close: leave,
  };
}

/** Files that an UNLOAD wrote, as they were written. */
const Unloaded = z.object({
  rowCount: z.number(),
  /** By path below the target. */
  files: z.array(z.object({ path: z.string(), base64: z.base64() })),
});

async function filesBelow(folder: string): Promise<z.infer<typeof Unloaded>['files']> {
  const entries = globSync('**/*', { cwd: folder, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    paths.map(async (path) => ({ path: relative(folder, path), base64: await readFile(path, 'base64') })),
  );
}

function unloadProperties({ partitionedBy }: Unload): string {
  const partitions = partitionedBy.map(literal).join(', ');
  return `format = 'PARQUET'${partitions === '' ? '' : `, partitioned_by = ARRAY[${partitions}]`})`;
}

/** A table as far as an answer can tell it: its definition, and its files' bytes. Where they lie is not to be seen in one. */
async function tableInQuestion(source: TableSource): Promise<Record<string, unknown>> {
  const files = source.files.map(async ({ path, partition }) => ({
    partition: [...partition],
    sha256: createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  }));
  return { table: createTable(source, ''), files: await Promise.all(files) };
}

const locationOf = (folder: string): string => `local://${folder}`;
const nameOf = ({ databaseName, name }: GlueTable): string => `hive.${identifier(databaseName)}.${identifier(name)}`;

async function createTables(trino: Trino, reading: Reading): Promise<void> {
  for (const database of reading.databases) await trino(`CREATE SCHEMA IF NOT EXISTS hive.${identifier(database)}`);
  for (const [index, source] of reading.sources.entries()) {
    const folder = join(reading.folder, 'tables', String(index));
    await linkFiles(source, folder);
    await trino(createTable(source, folder));
    if (source.table.partitionKeys.length > 0)
      await trino(
        `CALL hive.system.sync_partition_metadata(${literal(source.table.databaseName)}, ${literal(source.table.name)}, 'FULL')`,
      );
  }
}

async function dropTables(trino: Trino, { sources }: Reading): Promise<void> {
  for (const { table } of sources) await trino(`DROP TABLE IF EXISTS ${nameOf(table)}`);
}

/** Exactly the files that the table has for this statement, each under a name of its own. */
async function linkFiles({ table, files }: TableSource, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, { path, uri, partition }] of files.entries()) {
    const keys = table.partitionKeys.map(({ name }) => `${name}=${encodeURIComponent(partition.get(name) ?? '')}`);
    const below = join(folder, ...keys);
    await mkdir(below, { recursive: true });
    await link(path, join(below, `${index}-${basename(uri)}`));
  }
}

function createTable({ table }: TableSource, folder: string): string {
  const { storageDescriptor, partitionKeys } = table;
  const columns = [...storageDescriptor.columns, ...partitionKeys].map(
    ({ name, type }) => `${identifier(name)} ${trinoType(parseHiveType(type))}`,
  );
  const format = FORMATS[storageDescriptor.serdeInfo.serializationLibrary];
  if (format === undefined) throw new QueryFailure('HIVE_UNSUPPORTED_FORMAT', `${nameOf(table)} in Trino`);
  const partitions = partitionKeys.map(({ name }) => literal(name)).join(', ');
  const properties = [
    `external_location = ${literal(locationOf(folder))}`,
    `format = ${literal(format)}`,
    ...(partitions === '' ? [] : [`partitioned_by = ARRAY[${partitions}]`]),
  ];
  return `CREATE TABLE ${nameOf(table)} (${columns.join(', ')}) WITH (${properties.join(', ')})`;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: 'varchar',
  int: 'integer',
  float: 'real',
  binary: 'varbinary',
};

function trinoType(type: HiveType): string {
  switch (type.kind) {
    case 'scalar':
      return type.name === 'timestamp' ? 'timestamp(3)' : (SCALARS[type.name] ?? type.name);
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`;
    case 'array':
      return `array(${trinoType(type.of)})`;
    case 'map':
      return `map(${trinoType(type.key)}, ${trinoType(type.value)})`;
    case 'struct':
      return `row(${type.fields.map((field) => `${identifier(field.name)} ${trinoType(field.type)}`).join(', ')})`;
  }
}

function asFailure(error: unknown): unknown {
  return error instanceof TrinoError ? new QueryFailure(error.code, error.message) : error;
}
