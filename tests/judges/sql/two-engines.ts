import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../../lib/ports/database.ts';
import type { AnswerMemory } from '../answer-memory.ts';
import type { Trino, TrinoAnswer } from './trino-client.ts';
import { inTrinosWords } from './trino-functions.ts';
import { TrinoTables } from './trino-tables.ts';
import { trinoText } from './trino-values.ts';

/** What was compared so far: statements, rows of their answers, and how answers differed. */
export interface Compared {
  statements: number;
  rows: number;
  readonly differences: string[];
}

/** Tables of a priced bill that a statement makes of others: Trino makes its own, of its own. */
const MADE =
  /^CREATE OR REPLACE TABLE "?(commitment_rows|commitment_shares|partly_priced_\d+|priced|waterfall|ledger)"? AS ([\s\S]*)$/;
const ADDED = /^INSERT INTO (waterfall) ([\s\S]*)$/;

/**
 * A database that runs everything on DuckDB, and every statement of the compiler on Trino too: `delivered` is given to it
 * as Parquet, each other table it makes of what it made before. Answers are compared as bags of text, and by their types.
 */
export function twoEngines(database: Database, { trino, memory, folder, compared }: OtherEngine): Database {
  const theirs = new TrinoTables(trino, memory);
  let isDelivered = false;
  const deliver = async () => {
    const file = join(await mkdtemp(join(folder, 'delivered-')), 'rows.parquet');
    await database.run(`COPY (SELECT * FROM delivered) TO '${file}' (FORMAT parquet)`);
    const described = await database.rows('DESCRIBE SELECT * FROM delivered');
    const columns = described.map(({ column_name, column_type }) => `"${column_name}" ${trinoType(column_type ?? '')}`);
    await theirs.read('delivered', file, columns.join(', '));
    isDelivered = true;
  };
  const statement = async (table: string, select: string, how: 'create' | 'insert') => {
    if (!isDelivered && /\bdelivered\b/.test(select)) await deliver();
    const name = table.toLowerCase();
    theirs[how](name, inTrinosWords(select));
    await compare(database, await theirs.rows(name), { table, sql: select, compared });
  };
  return {
    run: async (sql) => {
      if (/^CREATE OR REPLACE (TABLE|VIEW|TEMP VIEW) delivered\b|^INSERT INTO delivered\b/.test(sql))
        isDelivered = false;
      await database.run(sql);
      const [, table, select] = MADE.exec(sql) ?? [];
      if (table !== undefined && select !== undefined) return await statement(table, select, 'create');
      const [, grown, more] = ADDED.exec(sql) ?? [];
      if (grown !== undefined && more !== undefined) await statement(grown, more, 'insert');
    },
    rows: (sql) => database.rows(sql),
    another: () => database.another(),
    close: () => database.close(),
  };
}

/** What stands beside DuckDB. */
interface OtherEngine {
  readonly trino: Trino;
  /** Trino's answers of earlier runs. */
  readonly memory: AnswerMemory;
  /** Where DuckDB may write: Parquet of `delivered` is put there. */
  readonly folder: string;
  readonly compared: Compared;
}

function trinoType(type: string): string {
  if (type.startsWith('TIMESTAMP')) return 'timestamp(3)';
  return type.toLowerCase();
}

async function compare(
  database: Database,
  theirs: TrinoAnswer,
  { table, sql, compared }: { table: string; sql: string; compared: Compared },
): Promise<void> {
  const described = await database.rows(`DESCRIBE SELECT * FROM ${table}`);
  const shown = described.map(({ column_name: name, column_type }) =>
    column_type?.startsWith('MAP') ? `CAST(to_json("${name}") AS VARCHAR) AS "${name}"` : `"${name}"`,
  );
  const ours = await database.rows(`SELECT ${shown.join(', ')} FROM ${table}`);
  compared.statements += 1;
  compared.rows += ours.length;
  const note = (what: string) => compared.differences.push(`${table}: ${what}\n${sql.slice(0, 600)}`);
  const ownTypes = described
    .map(
      (one) =>
        `${one.column_name?.toLowerCase()} ${one.column_type?.toLowerCase().replace(/, /g, ',').replace('timestamp_ms', 'timestamp')}`,
    )
    .join();
  const otherTypes = theirs.columns.map(({ name, type }) => `${name} ${duckdbType(type)}`).join();
  if (ownTypes !== otherTypes) return void note(`types ${ownTypes} / ${otherTypes}`);
  const names = described.map(({ column_name }) => column_name ?? '');
  const types = described.map(({ column_type }) => column_type ?? '');
  const own = ours
    .map((row) => JSON.stringify(names.map((name, at) => plainText(row[name] ?? null, types[at] ?? ''))))
    .sort();
  const other = theirs.rows
    .map((row) => row.map((value, at) => otherText(value, theirs.columns[at]?.type ?? '', types[at] ?? '')))
    .map((row) => JSON.stringify(row))
    .sort();
  const at = own.findIndex((line, place) => line !== other[place]);
  if (at >= 0 || own.length !== other.length) note(`${own.length} / ${other.length} rows; ${own[at]} / ${other[at]}`);
}

function duckdbType(type: string): string {
  return type
    .replace(/, /g, ',')
    .replace(/varchar\(\d+\)/g, 'varchar')
    .replace(/timestamp\(\d\)/, 'timestamp')
    .replace(/array\((\w+)\)/, '$1[]');
}

/** Maps and JSON objects have no order; a moment is shown to the millisecond. */
function plainText(value: string | null, type: string): unknown {
  if (value === null) return null;
  if (value.startsWith('{')) return Object.entries(JSON.parse(value) as object).sort();
  return type.startsWith('TIMESTAMP') ? instant(value) : value;
}

function otherText(value: unknown, type: string, ownType: string): unknown {
  if (value === null || value === undefined) return null;
  return plainText(ownType.startsWith('MAP') ? JSON.stringify(value) : (trinoText(value, type) ?? null), ownType);
}

function instant(text: string): string {
  return new Date(`${text.replace(' ', 'T').replace(/Z?$/, 'Z')}`).toISOString();
}
