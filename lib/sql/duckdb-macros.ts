/**
 * What compiled SQL calls and DuckDB does not have, or has under another meaning: Trino's names as macros, one statement
 * each, run once per connection. `customer_tags` and `text_sha256` are ours; in Trino they would be
 * `json_format(CAST(map_filter(m, (k, v) -> …) AS JSON))` and `lower(to_hex(sha256(to_utf8(s))))`.
 */
export const DUCKDB_MACROS: readonly string[] = [
  'CREATE OR REPLACE TEMP MACRO element_at(m, k) AS m[k]',
  'CREATE OR REPLACE TEMP MACRO array_remove(a, v) AS list_filter(a, lambda e: e <> v)',
  'CREATE OR REPLACE TEMP MACRO cardinality(a) AS len(a)',
  'CREATE OR REPLACE TEMP MACRO levenshtein_distance(a, b) AS levenshtein(a, b)',
  'CREATE OR REPLACE TEMP MACRO regexp_like(s, p) AS regexp_matches(s, p)',
  'CREATE OR REPLACE TEMP MACRO text_sha256(s) AS sha256(s)',
  `CREATE OR REPLACE TEMP MACRO customer_tags(m, internal) AS CAST(to_json(map_from_entries(
    list_filter(map_entries(m), lambda e: NOT regexp_matches(e.key, internal)))) AS VARCHAR)`,
  ...longDivision(),
];

/**
 * `part_of(a, p, w)`: a × p / w of three DECIMAL(28,12), rounded once to 12 decimals, half away from zero. DuckDB divides
 * decimals as doubles, so this is long division over whole numbers, nine digits of `a` at a time: no step needs more than
 * the 38 digits of a HUGEINT. In Trino it would be the same over DECIMAL(38,0) and `mod`.
 */
function longDivision(): readonly string[] {
  const macro = (name: string, body: string) => `CREATE OR REPLACE TEMP MACRO ${name} AS ${body}`;
  const limb = (place: number) => `(a // CAST('1${'0'.repeat(9 * place)}' AS HUGEINT)) % 1000000000 * p`;
  return [
    macro('division_units(x)', `CAST(replace(CAST(abs(x) AS VARCHAR), '.', '') AS HUGEINT)`),
    macro('division_step1(a, p)', limb(3)),
    macro('division_step2(a, p, w)', `division_step1(a, p) % w * 1000000000 + ${limb(2)}`),
    macro('division_step3(a, p, w)', `division_step2(a, p, w) % w * 1000000000 + ${limb(1)}`),
    macro('division_step4(a, p, w)', `division_step3(a, p, w) % w * 1000000000 + ${limb(0)}`),
    macro(
      'division_quotient(a, p, w)',
      `((division_step1(a, p) // w * 1000000000 + division_step2(a, p, w) // w) * 1000000000
    + division_step3(a, p, w) // w) * 1000000000 + division_step4(a, p, w) // w
    + CASE WHEN division_step4(a, p, w) % w * 2 >= w THEN 1 ELSE 0 END`,
    ),
    macro(
      'division_decimal(q)',
      `CAST(CAST(q // 1000000000000 AS VARCHAR) || '.' || lpad(CAST(q % 1000000000000 AS VARCHAR), 12, '0') AS DECIMAL(28,12))`,
    ),
    macro(
      'part_of(a, p, w)',
      `CASE WHEN ((a < 0) <> (p < 0)) <> (w < 0) THEN -1 ELSE 1 END
    * division_decimal(division_quotient(division_units(a), division_units(p), division_units(w)))`,
    ),
  ];
}
