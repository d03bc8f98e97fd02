import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';

/** Delivered amounts have up to 72 decimals (`measureStatement`), sums up to 30 digits before the point: nothing rounds. */
const Sum = ExactDecimal.clone({ precision: 200 });

/** Adds decimals given as text, exactly; null adds nothing. The sum is plain: no exponent, no trailing zeros. */
export function sumExactly(texts: Iterable<string | null>): string {
  let sum = new Sum(0);
  for (const text of texts) if (text !== null) sum = sum.plus(text);
  return decimalString(sum);
}

/** `a − b`, exactly and plain. */
export function subtractExactly(a: string, b: string): string {
  return decimalString(new Sum(a).minus(b));
}
