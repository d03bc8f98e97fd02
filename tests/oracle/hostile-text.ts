import { parsePattern } from '../../lib/domain/filter-pattern.ts';
import { HOSTILE_TEXTS } from '../lib/rules/hostile-texts.ts';
import type { Random } from './random.ts';

const PIECES = [...HOSTILE_TEXTS, "'", "''", '"', ';', '--', '/*', '*/', '\\', '\n', ' OR 1=1 ', 'DROP TABLE canary'];

/** Texts that are made of what has broken somebody's SQL before. */
export function hostileText(random: Random): string {
  return random.some(1, 4, () => random.of(PIECES)).join('') || "'";
}

/** A hostile text that is a regular expression which may be saved. */
export function hostilePattern(random: Random): string {
  for (;;) {
    const text = hostileText(random);
    if ('tokens' in parsePattern(text)) return text;
  }
}

/** A statement with every text literal made the same: whatever else a user's words did to it would be seen. */
export function withoutTexts(statement: string): string {
  return statement.replaceAll(/'(?:[^']|'')*'/g, "''");
}
