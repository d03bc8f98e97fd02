/**
 * The one place where a value becomes SQL: quotes doubled, all else raw. Both engines take backslashes, line breaks and
 * any character as they are; U+0000 ends a string in DuckDB and half a surrogate pair has no UTF-8, so both are refused
 * (`portable-sql.md` §3).
 */
export function literal(value: string): string {
  if (value.includes('\u0000')) throw new Error('U+0000 cannot be written in SQL');
  if (!value.isWellFormed()) throw new Error('half a surrogate pair cannot be written in SQL');
  return `'${value.replaceAll("'", "''")}'`;
}
