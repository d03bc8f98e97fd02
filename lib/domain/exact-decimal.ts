import { Decimal } from 'decimal.js';

/**
 * Decimals that never lose a digit in the sums and products of a bill: 38 digits times 38 digits fit. Rounding is half
 * away from zero (`pricing.md` §2; decimal.js calls it half up). Never made from a JS number that was not an integer.
 */
export const ExactDecimal = Decimal.clone({
  precision: 80,
  rounding: Decimal.ROUND_HALF_UP,
  toExpNeg: -60,
  toExpPos: 60,
});
export type ExactDecimal = Decimal;

/** The decimal string of the API and of summaries: no exponent, no trailing zeros, no minus zero. */
export function decimalString(value: ExactDecimal): string {
  return value.isZero() ? '0' : value.toFixed();
}
