import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { CreateTable } from './create-table-statement.ts';
import { GlueTable } from './glue-table.ts';
import { QueryFailure } from './query-failure.ts';
import type { DropTable } from './statement.ts';

/** Where tables made by statements are kept between starts; the template's tables come with every start anew. */
function stored(file: string | undefined): GlueTable[] {
  if (!file) return [];
  try {
    return z.array(GlueTable).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

const keyOf = (database: string, name: string): string => `${database.toLowerCase()}.${name.toLowerCase()}`;

/** The data catalogue `AwsDataCatalog`: the template's tables and those that CREATE EXTERNAL TABLE adds. */
export class GlueCatalog {
  readonly #databases: ReadonlySet<string>;
  readonly #fixed: ReadonlyMap<string, GlueTable>;
  readonly #made: Map<string, GlueTable>;
  readonly #file: string | undefined;

  /** @param file JSON file for the tables that statements make; without it they end with the process. */
  constructor(tables: readonly GlueTable[], databases: readonly string[], file?: string) {
    this.#databases = new Set(
      [...databases, ...tables.map((table) => table.databaseName)].map((name) => name.toLowerCase()),
    );
    this.#fixed = new Map(tables.map((table) => [keyOf(table.databaseName, table.name), table]));
    this.#made = new Map(stored(file).map((table) => [keyOf(table.databaseName, table.name), table]));
    this.#file = file;
  }

  find(database: string, name: string): GlueTable | undefined {
    const key = keyOf(database, name);
    return this.#fixed.get(key) ?? this.#made.get(key);
  }

  /** @throws QueryFailure SCHEMA_NOT_FOUND, TABLE_NOT_FOUND */
  require(database: string, name: string, place: string): GlueTable {
    this.requireDatabase(database);
    const table = this.find(database, name);
    if (!table)
      throw new QueryFailure('TABLE_NOT_FOUND', `${place}: Table 'awsdatacatalog.${database}.${name}' does not exist`);
    return table;
  }

  /** @throws QueryFailure SCHEMA_NOT_FOUND */
  requireDatabase(database: string): void {
    if (!this.#databases.has(database.toLowerCase()))
      throw new QueryFailure('SCHEMA_NOT_FOUND', `Schema '${database}' does not exist`);
  }

  /** @param context the database of a statement that names none. */
  create(statement: CreateTable, context: string): void {
    const databaseName = (statement.database ?? context).toLowerCase();
    this.requireDatabase(databaseName);
    if (this.find(databaseName, statement.name)) {
      if (statement.ifNotExists) return;
      throw new QueryFailure('AlreadyExistsException', `Table ${statement.name} already exists`);
    }
    this.#made.set(keyOf(databaseName, statement.name), {
      databaseName,
      name: statement.name,
      storageDescriptor: {
        location: statement.location,
        inputFormat: statement.inputFormat,
        outputFormat: statement.outputFormat,
        serdeInfo: { serializationLibrary: statement.serde, parameters: statement.serdeParameters },
        columns: statement.columns,
      },
      partitionKeys: statement.partitionKeys,
      parameters: statement.parameters,
    });
    this.#save();
  }

  /** Drops a table that a statement made; its files stay, since the table is external. */
  drop(statement: DropTable, context: string): void {
    const database = statement.database ?? context;
    const key = keyOf(database, statement.name);
    if (this.#fixed.has(key))
      throw new QueryFailure('AccessDeniedException', `Table ${statement.name} belongs to the template`);
    if (!this.#made.delete(key)) {
      if (statement.ifExists) return;
      throw new QueryFailure('TABLE_NOT_FOUND', `Table not found ${database}.${statement.name}`);
    }
    this.#save();
  }

  #save(): void {
    if (!this.#file) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify([...this.#made.values()]));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
