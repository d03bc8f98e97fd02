import { type Sql, sql } from './sql.ts';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Lower case of ASCII letters only, alike in both engines (`lower` also folds É). `translate` takes a second per million
 * values in DuckDB, so a value that has nothing to fold is left alone.
 */
export function foldAsciiCase(text: Sql): Sql {
  return sql`CASE WHEN lower(${text}) = ${text} THEN ${text} ELSE translate(${text}, ${UPPER}, ${UPPER.toLowerCase()}) END`;
}

/** The same of a value in memory. */
export function foldedAsciiCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
