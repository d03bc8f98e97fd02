/**
 * Forms that text values of a delivered bill may have, as patterns that RE2 (DuckDB) and Trino read alike: `\A` and `\z`
 * instead of `^` and `$`, since `$` matches before a last line break in Trino (`portable-sql.md` §3).
 */

/** A number: plain or with E notation. No spaces, thousands separators, hexadecimal digits, NaN. */
export const NUMBER_FORM = '\\A[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?\\z';

const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const clock = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?';
/** With an offset, fractions end at milliseconds: beyond, the engines differ in how they round an ISO 8601 text. */
const clockToMilliseconds = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,3})?)?';

/** A time in UTC: a day, or a day and a clock with `T` or a space between, and no zone, `Z` or ` UTC`. */
export const UTC_FORM = `\\A${day}([T ]${clock}(Z| UTC)?)?\\z`;

/** Offsets reach 14 hours either way (ISO 8601 by XML Schema 1.1, timezoneOffset; Trino takes no more). */
const offsetHours = '(0[0-9]|1[0-4])';
const offset = '((0[0-9]|1[0-3]):[0-5][0-9]|14:00)';

/** A time with an offset in hours and minutes. */
export const OFFSET_FORM = `\\A${day}[T ]${clockToMilliseconds}[+-]${offset}\\z`;

/** A time with an offset in whole hours, as PostgreSQL prints it. */
export const HOUR_OFFSET_FORM = `\\A${day}[T ]${clockToMilliseconds}[+-]${offsetHours}\\z`;

/** A national currency as FOCUS 1.2 wants it (CurrencyFormat): a code of ISO 4217, never a sign, a name or small letters. */
export const CURRENCY_FORM = '\\A[A-Z]{3}\\z';

/** An id that a spreadsheet (`1.23457E+11`) or a data frame (`123456789012.0`) has taken for a number. */
export const ROUNDED_ID_FORM = '\\A([0-9]([.,][0-9]+)?[eE][+][0-9]+|[0-9]+[.]0)\\z';
