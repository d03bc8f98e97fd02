import { stat } from 'node:fs/promises';
import { Problem } from '../../domain/problem.ts';
import type { Database } from '../../ports/database.ts';
import type { DeliveredColumn } from '../../sources/delivered-bill.ts';
import { checkColumns, SOURCE_FILE, SOURCE_ROW } from '../../sources/focus/check-columns.ts';
import { RECORD_BYTES_MAX } from '../../sources/limits.ts';
import { literal } from '../../sql/literal.ts';
import { unreadable } from './engine-reason.ts';
import { findLongRecord } from './find-long-record.ts';
import { inFileOrder } from './in-file-order.ts';
import { readHeader, UnreadableHeader } from './read-header.ts';

/** DuckDB reads this much at a time; left to itself it takes sixteen of the longest records. */
const BUFFER_BYTES = 4 * RECORD_BYTES_MAX;
/** DuckDB sets this much aside for every column; a megabyte each is more than a worker has for hundreds. */
const DICTIONARY_BYTES_MAX = 65_536;
/**
 * DuckDB keeps the order of so little by itself, and changing its settings takes longer than reading it. It sets memory
 * aside by the column.
 */
const SMALL = { bytesMax: 1024 * 1024, columnsMax: 200 } as const;

/**
 * Makes Parquet of a CSV file (RFC 4180, UTF-8): every column as delivered and as text, an empty cell as null, then the
 * file's name and the number of the data record from 1, since Athena can name neither. Throws Problem `file_unreadable`
 * with DuckDB's reason and line; the columns are checked before the rows are read. Returns the delivered columns.
 */
export async function csvToParquet(
  database: Database,
  { name, csv, parquet }: { name: string; csv: string; parquet: string },
): Promise<readonly DeliveredColumn[]> {
  const names = await headerOf(name, csv);
  checkColumns(
    name,
    names.map((column) => ({ name: column, type: 'VARCHAR' })),
  );
  const { size } = await stat(csv);
  const long = size > RECORD_BYTES_MAX ? await findLongRecord(csv, RECORD_BYTES_MAX) : undefined;
  if (long !== undefined) {
    const reason = `record ${long} is longer than ${RECORD_BYTES_MAX} bytes: a quote may not be closed`;
    throw new Problem('file_unreadable', { file: name, reason });
  }
  const columns = names.map((column) => `${literal(column)}: 'VARCHAR'`).join(', ');
  const options = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true, max_line_size = ${RECORD_BYTES_MAX}, buffer_size = ${BUFFER_BYTES}`;
  const rows = `read_csv(${literal(csv)}, ${options}, columns = {${columns}})`;
  return await copyAsText(database, {
    name,
    rows,
    columns: names.map((column) => ({ name: column, type: 'VARCHAR' })),
    parquet,
    isSmall: size <= SMALL.bytesMax && names.length <= SMALL.columnsMax,
  });
}

/**
 * Writes a Parquet file anew with every column as text, for one that holds types which the engines read differently.
 * Returns the columns as they are then.
 */
export async function parquetAsText(
  database: Database,
  {
    name,
    delivered,
    columns,
    parquet,
  }: { name: string; delivered: string; columns: readonly DeliveredColumn[]; parquet: string },
): Promise<readonly DeliveredColumn[]> {
  const rows = `read_parquet(${literal(delivered)}, binary_as_string = true)`;
  return await copyAsText(database, { name, rows, columns, parquet, isSmall: false });
}

async function headerOf(name: string, csv: string): Promise<readonly string[]> {
  try {
    return await readHeader(csv);
  } catch (error) {
    if (error instanceof UnreadableHeader) throw new Problem('file_unreadable', { file: name, reason: error.message });
    throw error;
  }
}

async function copyAsText(
  database: Database,
  {
    name,
    rows,
    columns,
    parquet,
    isSmall,
  }: { name: string; rows: string; columns: readonly DeliveredColumn[]; parquet: string; isSmall: boolean },
): Promise<readonly DeliveredColumn[]> {
  const ours = [SOURCE_FILE, SOURCE_ROW].map((own) => own.toLowerCase());
  const theirs = columns.filter((column) => !ours.includes(column.name.toLowerCase()));
  const texts = theirs.map(asText);
  const numbered = `${literal(name)} AS ${SOURCE_FILE}, row_number() OVER () AS ${SOURCE_ROW}`;
  try {
    const options = `FORMAT parquet, COMPRESSION zstd, STRING_DICTIONARY_PAGE_SIZE_LIMIT ${DICTIONARY_BYTES_MAX}`;
    const copy = `COPY (SELECT ${texts.join(', ')}, ${numbered} FROM ${rows}) TO ${literal(parquet)} (${options})`;
    await (isSmall ? database.run(copy) : inFileOrder(database, () => database.run(copy)));
  } catch (error) {
    throw unreadable(name, error);
  }
  return theirs.map((column) => ({ name: column.name, type: 'VARCHAR' }));
}

function asText({ name, type }: DeliveredColumn): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  if (type === 'VARCHAR') return column;
  const text =
    /[([]/.test(type) && !type.startsWith('DECIMAL')
      ? `CAST(to_json(${column}) AS VARCHAR)`
      : `CAST(${column} AS VARCHAR)`;
  return `${text} AS ${column}`;
}
