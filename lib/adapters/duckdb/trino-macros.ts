/**
 * Trino's names for what DuckDB calls otherwise or answers otherwise, as far as the sources and compiled rules use them
 * (`portable-sql.md` §3), so that one SQL text runs in Athena and in a worker.
 */
export const TRINO_MACROS: readonly string[] = [
  'CREATE MACRO regexp_like(s, p) AS regexp_matches(s, p)',
  'CREATE MACRO element_at(m, k) AS m[k]',
  'CREATE MACRO split_part(s, d, i) AS CASE WHEN i > len(string_split(s, d)) THEN NULL ELSE system.main.split_part(s, d, i) END',
  'CREATE MACRO from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)',
  'CREATE MACRO json_format(j) AS CAST(j AS VARCHAR)',
  'CREATE MACRO to_utf8(s) AS encode(s)',
];
