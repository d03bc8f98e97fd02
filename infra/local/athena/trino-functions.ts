/**
 * Trino's functions that DuckDB or a macro of `trino-macros.ts` computes as Trino does. A statement that calls
 * anything else fails by name, so that nothing of DuckDB's own dialect passes here and breaks in AWS.
 * avg is missing on purpose: of decimals it is a decimal there and a double here.
 * https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html
 */
const NAMES = `
  + - * / % || ~~ !~~ like_escape not_like_escape
  count count_star sum min max count_if bool_and bool_or every any_value arbitrary array_agg max_by min_by map_agg
  approx_distinct stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp
  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
  lower upper length reverse strpos position substr substring trim ltrim rtrim replace split split_part starts_with
  concat concat_ws lpad rpad chr codepoint translate repeat array_join url_encode url_decode
  regexp_like regexp_replace regexp_extract regexp_extract_all
  abs ceil ceiling floor round truncate sign mod power pow sqrt cbrt exp ln log2 log10 pi radians degrees random rand
  greatest least nan infinity is_nan is_finite is_infinite bitwise_and bitwise_or bitwise_xor from_base
  date date_trunc date_diff date_add date_format year quarter month week day hour minute second
  day_of_week day_of_month day_of_year last_day_of_month now to_unixtime from_unixtime
  from_iso8601_timestamp from_iso8601_date to_iso8601
  map map_keys map_values map_concat map_from_entries element_at cardinality contains row unnest
  array_position array_distinct array_sort array_max array_min arrays_overlap array_intersect array_union
  slice flatten sequence
  md5 sha1 sha256 to_hex from_hex to_utf8 from_utf8 to_base64 from_base64 uuid
  json_extract json_extract_scalar json_parse json_format json_array_length
  nullif typeof`;

/** What DuckDB's parser makes of AT TIME ZONE, EXTRACT, INTERVAL and CAST('t' AS boolean). */
const PARSED = 'timezone date_part trunc to_days to_weeks to_months to_years to_hours to_minutes to_seconds';

/** Function names, lower-case, that a statement may call. */
export const TRINO_FUNCTIONS: ReadonlySet<string> = new Set(`${NAMES} ${PARSED}`.trim().split(/\s+/));
