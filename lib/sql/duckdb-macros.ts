/**
 * What compiled SQL calls and DuckDB does not have, or has under another meaning: Trino's names as macros, one statement
 * each, run once per connection. `customer_tags` and `text_sha256` are ours; in Trino they would be
 * `json_format(CAST(map_filter(m, (k, v) -> …) AS JSON))` and `lower(to_hex(sha256(to_utf8(s))))`.
 */
export const DUCKDB_MACROS: readonly string[] = [
  'CREATE OR REPLACE TEMP MACRO element_at(m, k) AS m[k]',
  'CREATE OR REPLACE TEMP MACRO regexp_like(s, p) AS regexp_matches(s, p)',
  'CREATE OR REPLACE TEMP MACRO text_sha256(s) AS sha256(s)',
  `CREATE OR REPLACE TEMP MACRO customer_tags(m, internal) AS CAST(to_json(map_from_entries(
    list_filter(map_entries(m), lambda e: NOT regexp_matches(e.key, internal)))) AS VARCHAR)`,
];
