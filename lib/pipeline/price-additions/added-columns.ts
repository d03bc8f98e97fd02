import { CUSTOMER_CHARGES_COLUMNS, WATERFALL_COLUMNS } from '../../focus/result-columns.ts';
import { type Sql, sql } from '../../sql/sql.ts';
import type { TextRow } from './addition-row.ts';

/** The columns of both files by table, with their SQL types. */
export const ADDED_COLUMNS = {
  customer_charges: sqlTypes(CUSTOMER_CHARGES_COLUMNS),
  waterfall: sqlTypes(WATERFALL_COLUMNS),
} as const;

/** A row's values in the order of its table's columns, for VALUES. */
export function valuesOf(columns: Readonly<Record<string, string>>, row: TextRow): Sql {
  return sql`(${Object.keys(columns).map((name) => nullable(row[name] ?? null))})`;
}

function sqlTypes(hive: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(hive).map(([name, type]) => [name, type === 'string' ? 'VARCHAR' : type.toUpperCase()]),
  );
}

function nullable(value: string | null): Sql {
  return value === null ? sql`NULL` : sql`${value}`;
}
