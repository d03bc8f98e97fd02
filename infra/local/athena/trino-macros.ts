/**
 * Trino's function names over DuckDB's, one group of macros per constant. Each line was compared with Trino 435 and 476
 * where the built-in of the same name differs. `system.main.f` is DuckDB's own function behind a macro of its name.
 */

/** Text: concat and || are NULL with any NULL, regular expressions replace all matches, positions start at 1. */
const TEXT = `
CREATE MACRO regexp_like(s, p) AS regexp_matches(s, p);
CREATE MACRO regexp_replace(s, p) AS system.main.regexp_replace(s, p, '', 'g'),
  (s, p, r) AS system.main.regexp_replace(s, p, regexp_replace_group(r), 'g');
CREATE MACRO regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN system.main.regexp_extract(s, p) END,
  (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN system.main.regexp_extract(s, p, g) END;
CREATE MACRO split_part(s, d, i) AS
  CASE WHEN i > len(string_split(s, d)) THEN NULL ELSE system.main.split_part(s, d, i) END;
CREATE MACRO substr(s, a) AS CASE WHEN a = 0 THEN '' ELSE system.main.substr(s, a) END,
  (s, a, n) AS CASE WHEN a = 0 OR n <= 0 THEN '' ELSE system.main.substr(s, a, n) END;
CREATE MACRO substring(s, a) AS substr(s, a), (s, a, n) AS substr(s, a, n);
CREATE MACRO trim(s) AS system.main.trim(s, chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' '),
  (s, c) AS system.main.trim(s, c);
CREATE MACRO concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d,
  (a, b, c, d, e) AS a || b || c || d || e, (a, b, c, d, e, f) AS a || b || c || d || e || f;
CREATE MACRO codepoint(s) AS unicode(s);
CREATE MACRO array_join(a, s) AS array_to_string(a, s);`;

/** $1 of Trino's replacement text is \1 in DuckDB; a backslash of the text itself is doubled first. */
const REPLACEMENT = String.raw`
CREATE MACRO regexp_replace_group(r) AS
  system.main.regexp_replace(replace(r, '\', '\\'), '\$([0-9])', '\\\1', 'g');`;

/**
 * Numbers: greatest and least are NULL with any NULL. Division (the parser makes // of /) truncates integers and fails
 * by zero; of decimals Trino makes a decimal and DuckDB a double, so that it is refused rather than answered wrongly.
 */
const NUMBERS = `
CREATE MACRO "//"(a, b) AS CASE
  WHEN typeof(a) LIKE 'DECIMAL%' AND typeof(b) NOT IN ('DOUBLE', 'FLOAT')
    OR typeof(b) LIKE 'DECIMAL%' AND typeof(a) NOT IN ('DOUBLE', 'FLOAT')
  THEN error('NOT_SUPPORTED: this stand-in does not divide decimals')
  WHEN b = 0 AND typeof(a) NOT IN ('DOUBLE', 'FLOAT') AND typeof(b) NOT IN ('DOUBLE', 'FLOAT')
  THEN error('DIVISION_BY_ZERO: Division by zero')
  ELSE system.main."//"(a, b) END;
CREATE MACRO greatest(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.greatest(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.greatest(a, b, c) END;
CREATE MACRO least(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE system.main.least(a, b) END,
  (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE system.main.least(a, b, c) END;
CREATE MACRO truncate(x) AS trunc(x), (x, n) AS trunc(x, n);
CREATE MACRO nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO is_nan(x) AS isnan(x);
CREATE MACRO is_finite(x) AS isfinite(x);
CREATE MACRO is_infinite(x) AS isinf(x);
CREATE MACRO bitwise_and(a, b) AS a & b;
CREATE MACRO bitwise_or(a, b) AS a | b;
CREATE MACRO bitwise_xor(a, b) AS xor(a, b);
CREATE MACRO rand() AS random();
CREATE MACRO approx_distinct(x) AS approx_count_distinct(x);
CREATE MACRO from_base(s, r) AS CASE r WHEN 16 THEN CAST('0x' || s AS BIGINT) WHEN 10 THEN CAST(s AS BIGINT)
  ELSE CAST(error('from_base of this stand-in knows 10 and 16') AS BIGINT) END;`;

/** Days and instants: date_diff counts complete units; date_format takes MySQL's letters. */
const TIMES = `
CREATE MACRO date_diff(u, a, b) AS date_sub(u, a, b);
CREATE MACRO date_add(u, n, d) AS CASE u
  WHEN 'day' THEN d + to_days(CAST(n AS INTEGER)) WHEN 'week' THEN d + to_weeks(CAST(n AS INTEGER))
  WHEN 'month' THEN d + to_months(CAST(n AS INTEGER)) WHEN 'year' THEN d + to_years(CAST(n AS INTEGER))
  WHEN 'hour' THEN d + to_hours(n) WHEN 'minute' THEN d + to_minutes(n) WHEN 'second' THEN d + to_seconds(n)
  ELSE error('date_add: unknown unit') END;
CREATE MACRO last_day_of_month(d) AS last_day(d);
CREATE MACRO day_of_week(d) AS isodow(d);
CREATE MACRO day_of_month(d) AS dayofmonth(d);
CREATE MACRO day_of_year(d) AS dayofyear(d);
CREATE MACRO from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ);
CREATE MACRO from_iso8601_date(s) AS CAST(s AS DATE);
CREATE MACRO to_iso8601(d) AS replace(CAST(d AS VARCHAR), ' ', 'T');
CREATE MACRO to_unixtime(t) AS epoch(t);
CREATE MACRO from_unixtime(n) AS to_timestamp(n);
CREATE MACRO mysql_letters(f) AS replace(replace(replace(replace(f, '%M', '%B'), '%i', '%M'), '%s', '%S'), '%h', '%I');
CREATE MACRO date_format(t, f) AS strftime(t, mysql_letters(f));`;

/** Maps and arrays: element_at is a value, not a list. */
const COLLECTIONS = `
CREATE MACRO element_at(m, k) AS m[k];
CREATE MACRO arrays_overlap(a, b) AS list_has_any(a, b);
CREATE MACRO array_union(a, b) AS list_distinct(list_concat(a, b));
CREATE MACRO slice(a, i, n) AS list_slice(a, i, i + n - 1);
CREATE MACRO sequence(a, b) AS system.main.generate_series(a, b), (a, b, s) AS system.main.generate_series(a, b, s);
CREATE MACRO map_agg(k, v) AS map(list(k), list(v));`;

/** Digests are bytes in Trino and hexadecimal text in DuckDB. */
const BYTES = `
CREATE MACRO to_utf8(s) AS encode(s);
CREATE MACRO from_utf8(b) AS decode(b);
CREATE MACRO from_hex(s) AS unhex(s);
CREATE MACRO md5(b) AS unhex(system.main.md5(b));
CREATE MACRO sha1(b) AS unhex(system.main.sha1(b));
CREATE MACRO sha256(b) AS unhex(system.main.sha256(b));`;

/** json_extract_scalar is NULL for arrays, objects and text that is no JSON; $["a.b"] is $."a.b" in DuckDB. */
const JSON_TEXT = String.raw`
CREATE MACRO json_path(p) AS system.main.regexp_replace(p, '\["([^"]*)"\]', '."\1"', 'g');
CREATE MACRO json_extract_scalar(j, p) AS CASE WHEN NOT json_valid(j) THEN NULL
  WHEN json_type(j, json_path(p)) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, json_path(p)) END;
CREATE MACRO json_parse(s) AS CAST(s AS JSON);
CREATE MACRO json_format(j) AS CAST(j AS VARCHAR);`;

/** All macros as one script, for a fresh database. */
export const TRINO_MACROS = [REPLACEMENT, TEXT, NUMBERS, TIMES, COLLECTIONS, BYTES, JSON_TEXT].join('\n');
