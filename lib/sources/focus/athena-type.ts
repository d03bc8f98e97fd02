import type { DeliveredColumn } from '../delivered-bill.ts';
import { readingOf } from './focus-row.ts';
import type { Reading } from './read-value.ts';

/** Types of a Parquet column that Athena and DuckDB read alike under each reading: DuckDB's word → Hive's. */
const WHOLE_NUMBERS = { TINYINT: 'tinyint', SMALLINT: 'smallint', INTEGER: 'int', BIGINT: 'bigint' };
const TEXT = { VARCHAR: 'string', JSON: 'string' };
const HIVE_TYPES: Readonly<Record<Reading, Readonly<Record<string, string>>>> = {
  text: { ...TEXT, ...WHOLE_NUMBERS, BOOLEAN: 'boolean' },
  number: { ...TEXT, ...WHOLE_NUMBERS, DOUBLE: 'double' },
  time: {
    ...TEXT,
    DATE: 'date',
    TIMESTAMP: 'timestamp',
    TIMESTAMP_S: 'timestamp',
    TIMESTAMP_MS: 'timestamp',
    TIMESTAMP_NS: 'timestamp',
    'TIMESTAMP WITH TIME ZONE': 'timestamp',
  },
  json: { ...TEXT, 'MAP(VARCHAR, VARCHAR)': 'map<string,string>' },
};

/**
 * The Hive type under which Athena reads a delivered column as it stands, or `undefined`: a file with such a column is
 * written anew with every column as text: the engines read unsigned integers, blobs and structs differently, and Trino
 * writes a FLOAT with seven digits only.
 */
export function athenaType(column: DeliveredColumn): string | undefined {
  const reading = readingOf(column);
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(column.type);
  if (decimal !== null && reading === 'number') return `decimal(${decimal[1]},${decimal[2]})`;
  return HIVE_TYPES[reading][column.type];
}
