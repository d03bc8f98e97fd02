import { QueryFailure } from './query-failure.ts';

/** One piece of a statement. White space and comments are not pieces. */
export interface SqlToken {
  /** `word`: identifier or keyword; `name`: quoted identifier; `text`: string literal; `mark`: any other character. */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'mark';
  /** The unquoted content of `name` and `text`, otherwise the characters themselves. */
  readonly value: string;
  /** Where it begins and ends in the statement, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const PATTERN =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|(?<word>[\p{L}_$][\p{L}\p{N}_$]*)|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?<mark>[\s\S])/guy;

const unquoted = (quoted: string): string => {
  const quote = quoted.charAt(0);
  return quoted.slice(1, -1).replaceAll(quote + quote, quote);
};

/**
 * Cuts a statement at the boundaries that quotes and comments leave, which is all the stand-in needs to know of the
 * statements DuckDB's parser refuses (UNLOAD and Hive DDL).
 *
 * @throws QueryFailure for a quote that never ends.
 */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const match of sql.matchAll(PATTERN)) {
    const { blank, text, name, word, number, mark } = match.groups ?? {};
    if (blank !== undefined) continue;
    if (mark === "'" || mark === '"' || mark === '`')
      throw new QueryFailure('SYNTAX_ERROR', `a quotation begins at character ${match.index + 1} and never ends`);
    const span = { start: match.index, end: match.index + match[0].length };
    if (text !== undefined) tokens.push({ kind: 'text', value: unquoted(text), ...span });
    else if (name !== undefined) tokens.push({ kind: 'name', value: unquoted(name), ...span });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word, ...span });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number, ...span });
    else tokens.push({ kind: 'mark', value: mark ?? '', ...span });
  }
  return tokens;
}
