/** Adds exact decimals given as text with their own scales; the sum is a plain decimal without trailing zeros. */
export function exactSum(parts: readonly { readonly text: string | null; readonly shiftedBy?: number }[]): string {
  const scale = 72;
  let sum = 0n;
  for (const { text, shiftedBy = 0 } of parts) if (text !== null) sum += unitsOf(text, scale - shiftedBy);
  return plain(sum, scale);
}

/** The decimal text in units of 10^-scale. */
function unitsOf(text: string, scale: number): bigint {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null) throw new Error(`not a decimal: ${text}`);
  const [, sign, whole = '', fraction = ''] = match;
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > scale) throw new Error(`more than ${scale} decimals: ${text}`);
  const units = BigInt(`${whole}${kept.padEnd(scale, '0')}`);
  return sign === '-' ? -units : units;
}

function plain(units: bigint, scale: number): string {
  const digits = String(units)
    .replace('-', '')
    .padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}
