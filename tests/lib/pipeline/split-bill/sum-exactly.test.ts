import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subtractExactly, sumExactly } from '../../../../lib/pipeline/split-bill/sum-exactly.ts';

describe('Sums of a bill', () => {
  test('keep the 72nd decimal beside 30 digits, and write no exponent, no trailing zero, no minus zero', () => {
    const tiny = `0.${'0'.repeat(71)}1`;
    const huge = '999999999999999999999999999999';
    expect(sumExactly([huge, tiny, null])).toBe(`${huge}.${'0'.repeat(71)}1`);
    expect(subtractExactly(sumExactly([huge, tiny]), huge)).toBe(tiny);
    expect(sumExactly(['1.50', '-1.5'])).toBe('0');
    expect(sumExactly([])).toBe('0');
  });

  test('are the sums of whole units', async () => {
    const units = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
    const text = (value: bigint) => {
      const digits = (value < 0n ? -value : value).toString().padStart(19, '0');
      return `${value < 0n ? '-' : ''}${digits.slice(0, -18)}.${digits.slice(-18)}`;
    };
    const units18 = (plain: string) => {
      const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
      const value = BigInt(whole + fraction.padEnd(18, '0'));
      return plain.startsWith('-') ? -value : value;
    };
    await fc.assert(
      fc.property(fc.array(units, { maxLength: 30 }), (values) => {
        const sum = values.reduce((total, value) => total + value, 0n);
        expect(units18(sumExactly(values.map(text)))).toBe(sum);
      }),
    );
  });
});
