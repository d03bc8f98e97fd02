import { type PatternDialect, parsePattern, writePattern } from '../../domain/filter-pattern.ts';

/** A filter's regular expression as the engines run it; with `foldsCase` over values whose ASCII letters are small. */
export function patternForSql(pattern: string, foldsCase: boolean): string {
  return writtenFor(pattern, 'sql', foldsCase);
}

/** Whether a value has a match of a pattern that was written by `patternForSql`. */
export function matchesPattern(value: string, pattern: string): boolean {
  const ignoresCase = pattern.startsWith('(?i)');
  const written = writtenFor(ignoresCase ? pattern.slice(4) : pattern, 'javascript', false);
  return new RegExp(written, ignoresCase ? 'iu' : 'u').test(value);
}

/** A pattern that is stored was parsed when it was saved; one that is not readable is our fault. */
function writtenFor(pattern: string, dialect: PatternDialect, foldsCase: boolean): string {
  const parsed = parsePattern(pattern);
  if ('wrong' in parsed) throw new Error(`a stored pattern has ${parsed.wrong}`);
  return writePattern(parsed.tokens, dialect, { foldsCase });
}
