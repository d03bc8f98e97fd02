import type { ColumnType } from '../../focus/columns.ts';
import type { DeliveredColumn } from '../delivered-bill.ts';
import { columnReference } from '../find-column.ts';
import { plainNumber } from './number-text.ts';
import { HOUR_OFFSET_FORM, OFFSET_FORM } from './value-forms.ts';

/** What a normalised column holds; `tags` and other JSON are JSON text. */
export type Reading = 'text' | 'number' | 'time' | 'json';

/** How a column of each storage type is read. */
export const READING_OF: Readonly<Record<ColumnType, Reading>> = {
  text: 'text',
  money: 'number',
  price: 'number',
  quantity: 'number',
  time: 'time',
  json: 'json',
  tags: 'json',
};

const NOTHING: Readonly<Record<Reading, string>> = {
  text: 'CAST(NULL AS VARCHAR)',
  json: 'CAST(NULL AS VARCHAR)',
  number: 'CAST(NULL AS DECIMAL(28,12))',
  time: 'CAST(NULL AS timestamp(3))',
};

/**
 * The expression that reads a delivered column as FOCUS means it, in the SQL that DuckDB and Trino share. A value that is
 * not what its column holds makes the statement fail: nothing becomes null on the way (ConvertFiles has refused it by
 * file, row and column before). An absent column reads as null.
 */
export function readValue(column: DeliveredColumn | undefined, reading: Reading): string {
  if (column === undefined) return NOTHING[reading];
  const reference = columnReference(column);
  if (reading === 'number') return readNumber(reference, column.type);
  if (reading === 'time') return isText(column.type) ? timeOfText(present(reference)) : asMilliseconds(reference);
  if (isText(column.type)) return present(reference);
  return column.type.startsWith('MAP(') ? `json_format(CAST(${reference} AS JSON))` : `CAST(${reference} AS VARCHAR)`;
}

/** Whether the type, in DuckDB's words, is text; Parquet's JSON annotation is text to Athena. */
export function isText(type: string): boolean {
  return type === 'VARCHAR' || type === 'JSON';
}

/** Empty and the exact text `NULL` are how text formats write null; real exports contain both. */
function present(reference: string): string {
  return `NULLIF(NULLIF(${reference}, ''), 'NULL')`;
}

/**
 * A DOUBLE goes through its shortest text: binary casts differ between the engines (`pricing.md` §2). The text of null
 * has no exponent, so the exponent is looked for in the column itself.
 */
function readNumber(reference: string, type: string): string {
  if (isText(type)) return `CAST(${present(`(${plainNumber(reference)})`)} AS DECIMAL(28,12))`;
  return `CAST(${type === 'DOUBLE' ? plainNumber(`CAST(${reference} AS VARCHAR)`) : reference} AS DECIMAL(28,12))`;
}

/** Trino drops an offset silently in a plain cast, so offsets go through ISO 8601; `T` and `Z` it refuses, so they go first. */
function timeOfText(text: string): string {
  const iso = `substr(${text}, 1, 10) || 'T' || substr(${text}, 12)`;
  return [
    'CASE',
    `WHEN regexp_like(${text}, '${OFFSET_FORM}') THEN ${instant(iso)}`,
    `WHEN regexp_like(${text}, '${HOUR_OFFSET_FORM}') THEN ${instant(`${iso} || ':00'`)}`,
    `ELSE ${asMilliseconds(`replace(replace(replace(${text}, ' UTC', ''), 'Z', ''), 'T', ' ')`)} END`,
  ].join(' ');
}

function instant(iso: string): string {
  return asMilliseconds(`from_iso8601_timestamp(${iso}) AT TIME ZONE 'UTC'`);
}

/** Hive tables hold milliseconds; without the cast Athena refuses to write the column. */
function asMilliseconds(expression: string): string {
  return `CAST(${expression} AS timestamp(3))`;
}
