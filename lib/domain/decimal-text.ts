import { z } from 'zod';

/** A JSON number is accepted where its shortest text is a plain decimal; answers always give strings (`pricing.md` §4). */
const asText = z.union([z.string(), z.number()]).transform((value) => String(value));

/**
 * A decimal string with at most `integerDigits` before and `decimals` after the point, no exponent, no plus sign.
 * Used for percentages (4 decimals), amounts (12) and rates.
 */
export function decimalText({ integerDigits, decimals }: { integerDigits: number; decimals: number }) {
  const pattern = new RegExp(`^-?\\d{1,${integerDigits}}(?:\\.\\d{1,${decimals}})?$`);
  const error = `a decimal with at most ${decimals} decimals, as a string`;
  return asText.pipe(z.string().regex(pattern, { error, abort: true }));
}
