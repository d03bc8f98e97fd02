/** An exact decimal as an integer number of units of `10^-decimals`: the generator never touches a float. */
export interface Exact {
  readonly units: bigint;
  readonly decimals: number;
}

/** Makes one of a whole number of units. */
export function exact(units: number | bigint, decimals: number): Exact {
  return { units: BigInt(units), decimals };
}

/** Reads a plain decimal. */
export function exactOf(text: string): Exact {
  const [whole = '0', fraction = ''] = text.split('.');
  return { units: BigInt(whole + fraction), decimals: fraction.length };
}

/** The exact product. */
export function times(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, decimals: a.decimals + b.decimals };
}

/** As plain text without trailing zeros. */
export function textOf({ units, decimals }: Exact): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
