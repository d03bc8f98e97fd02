import { type ColumnType, FOCUS_COLUMNS } from './columns.ts';
import { FILTER_COLUMNS } from './filter-columns.ts';

/**
 * Columns of a normalised row as SplitByShard writes it, in order: FOCUS 1.2 (Tags as JSON text: the engines agree on
 * text, not on making maps of it), our filter columns, and the owner. `shard` is the partition folder, not a column.
 */
export const SPLIT_COLUMNS: Readonly<Record<string, Exclude<ColumnType, 'tags'>>> = {
  ...Object.fromEntries(
    Object.entries(FOCUS_COLUMNS).map(([name, type]) => [name, type === 'tags' ? 'json' : type] as const),
  ),
  ...Object.fromEntries(FILTER_COLUMNS.map((name) => [name, 'text'] as const)),
  /** Customer id, or `unassigned`, or `partner`. */
  x_Owner: 'text',
};

/** The SQL type of each storage type, the same words in DuckDB and Trino. */
export const SQL_TYPES: Readonly<Record<Exclude<ColumnType, 'tags'>, string>> = {
  text: 'VARCHAR',
  json: 'VARCHAR',
  money: 'DECIMAL(28,12)',
  price: 'DECIMAL(28,12)',
  quantity: 'DECIMAL(28,12)',
  time: 'TIMESTAMP',
};
