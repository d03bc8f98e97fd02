import { ExactDecimal } from '../domain/exact-decimal.ts';

/** What a price is multiplied by for an offset in percent: `-12.5` → 0.875. Exact: 4 decimals become 6. */
export function factorOf(offsetPercent: string): ExactDecimal {
  return new ExactDecimal(offsetPercent).div(100).plus(1);
}
