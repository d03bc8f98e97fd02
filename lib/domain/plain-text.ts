import { z } from 'zod';

/**
 * Text that survives every engine: U+0000 ends a string in DuckDB, and half a surrogate pair has no UTF-8
 * (`portable-sql.md` §3). Nothing is trimmed; `charactersMax` counts UTF-16 units.
 */
export function plainText({ charactersMin, charactersMax }: { charactersMin: number; charactersMax: number }) {
  return z
    .string()
    .min(charactersMin)
    .max(charactersMax)
    .refine(
      (text) => !text.includes('\u0000') && text.isWellFormed(),
      'text without U+0000 and without half a character',
    );
}
