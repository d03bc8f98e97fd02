import { DuckDBListType, DuckDBMapType, DuckDBStructType, type DuckDBType } from '@duckdb/node-api';
import { duckDbTypeOf, type HiveType } from './hive-type.ts';
import { identifier } from './sql-text.ts';

/** File types that Trino reads as the table's type; a decimal reads as any decimal (a narrower one rounds). */
const READABLE: Readonly<Record<string, RegExp>> = {
  VARCHAR: /^(VARCHAR|JSON|BLOB)$/,
  BOOLEAN: /^BOOLEAN$/,
  TINYINT: /^U?TINYINT$/,
  SMALLINT: /^(U?TINYINT|U?SMALLINT)$/,
  INTEGER: /^(U?TINYINT|U?SMALLINT|INTEGER)$/,
  BIGINT: /^(U?TINYINT|U?SMALLINT|U?INTEGER|BIGINT)$/,
  FLOAT: /^FLOAT$/,
  DOUBLE: /^(FLOAT|DOUBLE)$/,
  DATE: /^DATE$/,
  TIMESTAMP: /^TIMESTAMP/,
  BLOB: /^(BLOB|VARCHAR)$/,
};

/** Can Trino's Parquet reader make the table's type of what the file holds? */
export function isReadableAs(file: DuckDBType, table: HiveType): boolean {
  switch (table.kind) {
    case 'scalar':
      return READABLE[duckDbTypeOf(table)]?.test(String(file)) ?? false;
    case 'decimal':
      return String(file).startsWith('DECIMAL');
    case 'array':
      return file instanceof DuckDBListType && isReadableAs(file.valueType, table.of);
    case 'map':
      return (
        file instanceof DuckDBMapType &&
        isReadableAs(file.keyType, table.key) &&
        isReadableAs(file.valueType, table.value)
      );
    case 'struct':
      return (
        file instanceof DuckDBStructType &&
        table.fields.every(({ name, type }) => {
          const at = file.entryNames.findIndex((entry) => entry.toLowerCase() === name);
          const entry = file.entryTypes[at];
          return entry === undefined || isReadableAs(entry, type);
        })
      );
  }
}

/**
 * A file's column as the table's type. Equal types stay bare, so that DuckDB can skip row groups by their statistics.
 *
 * Hive's timestamp has milliseconds: Trino rounds half up, which CAST to TIMESTAMP_MS does too.
 */
export function parquetColumn(name: string, file: DuckDBType, table: HiveType, hasMilliseconds: boolean): string {
  const column = identifier(name);
  const type = duckDbTypeOf(table);
  if (String(file) === type && (type !== 'TIMESTAMP' || hasMilliseconds)) return column;
  if (type === 'VARCHAR' && String(file) === 'BLOB') return `decode(${column})`;
  if (type === 'TIMESTAMP') {
    const wall = String(file).includes('WITH TIME ZONE') ? `${column} AT TIME ZONE 'UTC'` : column;
    return `CAST(CAST(${wall} AS TIMESTAMP_MS) AS TIMESTAMP)`;
  }
  return `CAST(${column} AS ${type})`;
}
