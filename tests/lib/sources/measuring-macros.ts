import { TRINO_MACROS } from '../../../lib/adapters/duckdb/trino-macros.ts';

/** What MeasureBill calls and DuckDB has under another name or meaning: digests are bytes in Trino. */
export const MEASURING_MACROS: readonly string[] = [
  ...TRINO_MACROS,
  'CREATE MACRO md5(b) AS unhex(system.main.md5(b))',
  "CREATE MACRO from_base(s, r) AS CAST('0x' || s AS BIGINT)",
];
