import { describe, expect, test } from 'vitest';
import { exactSum } from '../../../lib/sources/exact-sum.ts';

const sum = (...texts: readonly (string | null)[]) => exactSum(texts.map((text) => ({ text })));

describe('An exact sum of a bill’s amounts', () => {
  test.each([
    [[], '0'],
    [[null, '1'], '1'],
    [['0.1', '0.2'], '0.3'],
    [['1.50', '1.5'], '3'],
    [['10', '20'], '30'],
    [['100.010', '0'], '100.01'],
    [['5', '-7.25'], '-2.25'],
    [['-0.5', '0.5'], '0'],
    [['.5', '1.'], '1.5'],
    [['-.25'], '-0.25'],
    [
      ['12345678901234567890.5', '0.000000000000000000000000000001'],
      '12345678901234567890.500000000000000000000000000001',
    ],
    [[`0.${'0'.repeat(71)}1`], `0.${'0'.repeat(71)}1`],
    [[`0.1${'0'.repeat(90)}`], '0.1'],
  ])('of %j is %s', (texts, total) => {
    expect(sum(...texts)).toBe(total);
  });

  test('takes parts that are shifted by some decimals as what they stand for', () => {
    const parts = [
      { text: '123', shiftedBy: 2 },
      { text: '1', shiftedBy: 0 },
    ];
    expect(exactSum(parts)).toBe('2.23');
    expect(exactSum([{ text: '5', shiftedBy: -3 }])).toBe('5000');
  });

  test.each(['1e3', 'a', '1 ', ' 1', '+1', '--1', '1.2.3', '1x', 'x1'])('refuses %j', (text) => {
    expect(() => sum(text)).toThrow(`not a decimal: ${text}`);
  });

  test('refuses more decimals than it has room for, shifted ones too', () => {
    expect(() => sum(`0.${'0'.repeat(72)}1`)).toThrow('more than 72 decimals');
    expect(() => exactSum([{ text: `0.${'1'.repeat(71)}`, shiftedBy: 2 }])).toThrow('more than 70 decimals');
  });
});
