import { QueryFailure } from './query-failure.ts';

/** Trino's name for what DuckDB reports, by the words DuckDB's message begins with or contains; the first match wins. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^Parser Error/, 'SYNTAX_ERROR'],
  [/^Catalog Error: .*Function/, 'FUNCTION_NOT_FOUND'],
  [/^Catalog Error: Table/, 'TABLE_NOT_FOUND'],
  [/^Binder Error: .*(Referenced|column).*(not found|does not have)/is, 'COLUMN_NOT_FOUND'],
  [/^Binder Error: .*[Aa]mbiguous/, 'AMBIGUOUS_NAME'],
  [/^Binder Error: .*(No function matches|Cannot compare|Could not choose|Cannot mix)/, 'TYPE_MISMATCH'],
  [/^Binder Error/, 'SYNTAX_ERROR'],
  [/^Conversion Error: .*(out of range|could not be cast|overflow)/i, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^Out of Range Error/, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Out of Memory Error/, 'EXCEEDED_LOCAL_MEMORY_LIMIT'],
  [/Malformed JSON|No magic bytes|too small to be a Parquet file|^Invalid Input Error: .*[Pp]arquet/, 'HIVE_BAD_DATA'],
  [/^IO Error: .*No files found|^IO Error: Cannot open file/, 'HIVE_CURSOR_ERROR'],
];

/** What the engine says without its drawing of the line; local paths become the objects' own addresses. */
const wordsOf = (message: string, uriOf: (path: string) => string | undefined): string =>
  (message.split(/\n\nLINE \d+/)[0] ?? message)
    .replace(/\/[^\s"',:;\])]+/g, (path) => uriOf(path) ?? path)
    .replace(/^[A-Z][A-Za-z]*(?: [A-Za-z]+)* Error: /, '');

/** `line 3:14: ` of the statement, as Trino begins its messages; empty when DuckDB names no place. */
function placeOf(message: string): string {
  const drawn = /\n\nLINE (\d+): (.*)\n( *)\^/.exec(message);
  return drawn ? `line ${drawn[1]}:${Math.max(1, (drawn[3] ?? '').length - `LINE ${drawn[1]}: `.length + 1)}: ` : '';
}

/**
 * DuckDB's error as the failure Athena would name. A macro of `trino-macros.ts` names its own.
 *
 * @param uriOf the `s3://` address of an object's local path.
 */
export function queryFailureOf(error: unknown, uriOf: (path: string) => string | undefined): QueryFailure {
  if (error instanceof QueryFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const own = /^Invalid Input Error: ([A-Z_]+): (.*)/.exec(message);
  if (own?.[1] && own[2]) return new QueryFailure(own[1], own[2]);
  const code = CODES.find(([pattern]) => pattern.test(message))?.[1] ?? 'GENERIC_INTERNAL_ERROR';
  return new QueryFailure(code, `${placeOf(message)}${wordsOf(message, uriOf)}`);
}
