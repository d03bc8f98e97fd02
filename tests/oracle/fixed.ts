/**
 * An exact decimal of the oracle: whole units of 10^-18, the scale of every amount in the result tables (`pricing.md` §2).
 * `null` is the null of a column.
 */
export type Fixed = bigint;

const SCALE = 18;
const ONE: Fixed = 10n ** 18n;

export const ZERO: Fixed = 0n;

/** Reads a decimal as text, E notation included, rounded half away from zero to `decimals`. @throws Error where it is none */
export function fixed(text: string, decimals = SCALE): Fixed {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') throw new Error(`${JSON.stringify(text)} is no number`);
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const shift = Number(exponent) - fraction.length + decimals;
  const units = shift >= 0 ? digits * 10n ** BigInt(shift) : dividedAwayFromZero(digits, 10n ** BigInt(-shift));
  return units * 10n ** BigInt(SCALE - decimals);
}

/** The product, rounded half away from zero to 18 decimals where it has more. */
export function times(one: Fixed, other: Fixed): Fixed {
  return dividedAwayFromZero(one * other, ONE);
}

/** Rounds half away from zero. */
export function rounded(value: Fixed, decimals: number): Fixed {
  const unit = 10n ** BigInt(SCALE - decimals);
  return dividedAwayFromZero(value, unit) * unit;
}

/** `part · of / whole`, rounded half away from zero to 12 decimals: how a cost is shared (`pricing.md` §7). */
export function proportion(part: Fixed, of: Fixed, whole: Fixed): Fixed {
  const unit = 10n ** 6n;
  return dividedAwayFromZero(part * of, whole * unit) * unit;
}

/** Plain text without exponent, trailing zeros or minus zero. */
export function plain(value: Fixed): string {
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  const size = digits.slice(0, -SCALE) + (fraction === '' ? '' : `.${fraction}`);
  return value < 0n ? `-${size}` : size;
}

/** The exact sum. */
export function sumOf(values: Iterable<Fixed | null>): Fixed {
  let sum = ZERO;
  for (const value of values) sum += value ?? ZERO;
  return sum;
}

function dividedAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const size = (2n * n + d) / (2n * d);
  return isNegative ? -size : size;
}
