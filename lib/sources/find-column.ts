import type { DeliveredColumn } from './delivered-bill.ts';

/** The delivered column of a FOCUS name; names are matched without regard to case, as Athena matches Parquet columns. */
export function findColumn(columns: readonly DeliveredColumn[], name: string): DeliveredColumn | undefined {
  const wanted = name.toLowerCase();
  return columns.find((column) => column.name.toLowerCase() === wanted);
}

/** The column as statements name it: Hive keeps lower case only. Delivered names that are read are plain words, never quotes. */
export function columnReference(column: DeliveredColumn): string {
  return `"${column.name.toLowerCase()}"`;
}
