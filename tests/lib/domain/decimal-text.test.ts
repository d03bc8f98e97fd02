import { describe, expect, test } from 'vitest';
import { decimalText } from '../../../lib/domain/decimal-text.ts';

const percent = decimalText({ integerDigits: 3, decimals: 2 });

describe('A decimal of three digits and two decimals', () => {
  test.each([
    ['0', '0'],
    ['-1.5', '-1.5'],
    ['123.45', '123.45'],
    [12.5, '12.5'],
  ])('takes %j as %j', (given, text) => {
    expect(percent.parse(given)).toBe(text);
  });

  test.each(['', '1234', '1.234', '1.', '.5', '+1', '1e2', ' 1', '1 ', '--1', 'a1', '1a', '1x5', 1e21, true, null])(
    'refuses %j',
    (given) => {
      expect(percent.safeParse(given).success).toBe(false);
    },
  );

  test('says how many decimals there may be', () => {
    expect(percent.safeParse('1.234').error?.issues[0]?.message).toBe('a decimal with at most 2 decimals, as a string');
  });
});
