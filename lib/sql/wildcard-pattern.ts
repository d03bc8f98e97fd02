const META_CHARACTERS = /[\\^$.|?*+()[\]{}]/g;

/** Any run of characters. Not `.*` under `(?s)`: DuckDB rewrites that to the LIKE which is to be avoided. */
const ANY_RUN = '[\\s\\S]*';

/**
 * A wildcard pattern as a regular expression over the whole value: `*` is any run of characters, none and line breaks
 * included; nothing else is special. Not LIKE: DuckDB's is exponential in the number of `%` (five of them over 200
 * characters ran for six minutes), while RE2 is linear.
 */
export function wildcardPattern(wildcard: string): string {
  const pieces = wildcard.split(/\*+/).map((piece) => piece.replaceAll(META_CHARACTERS, '\\$&'));
  return `\\A${pieces.join(ANY_RUN)}\\z`;
}
