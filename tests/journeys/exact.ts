/** An exact decimal: whole units of `10^-decimals`. Made for these tests, so that they share no arithmetic with the product. */
export interface Exact {
  readonly units: bigint;
  readonly decimals: number;
}

export const ZERO: Exact = { units: 0n, decimals: 0 };

/** Reads a number as text, E notation included. @throws Error where it is none */
export function exact(text: string): Exact {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim()) ?? [];
  if (sign === undefined || whole + fraction === '') throw new Error(`${JSON.stringify(text)} is no number`);
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const decimals = fraction.length - Number(exponent);
  return decimals >= 0 ? { units: digits, decimals } : { units: digits * 10n ** BigInt(-decimals), decimals: 0 };
}

/** The exact sum. */
export function add(a: Exact, b: Exact): Exact {
  const decimals = Math.max(a.decimals, b.decimals);
  return { units: unitsAt(a, decimals) + unitsAt(b, decimals), decimals };
}

/** The exact difference. */
export function subtract(a: Exact, b: Exact): Exact {
  return add(a, { ...b, units: -b.units });
}

/** The exact product. */
export function multiply(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, decimals: a.decimals + b.decimals };
}

/** Rounds half away from zero. */
export function round(value: Exact, decimals: number): Exact {
  if (value.decimals <= decimals) return value;
  const divisor = 10n ** BigInt(value.decimals - decimals);
  const size = value.units < 0n ? -value.units : value.units;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  return { units: value.units < 0n ? -rounded : rounded, decimals };
}

/** Plain text without exponent and trailing zeros, `0` for every zero. */
export function plain({ units, decimals }: Exact): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  const size = fraction === '' ? whole : `${whole}.${fraction}`;
  return units < 0n ? `-${size}` : size;
}

/** The exact sum of numbers as text; null ones add nothing. */
export function sumOf(texts: Iterable<string | null | undefined>): string {
  let total = ZERO;
  for (const text of texts) if (text !== null && text !== undefined) total = add(total, exact(text));
  return plain(total);
}

function unitsAt({ units, decimals }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - decimals);
}
