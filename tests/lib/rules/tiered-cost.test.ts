import { expect, test } from 'vitest';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import { tieredCost } from '../../../lib/rules/tiered-cost.ts';

const TIERS = [
  { from: '0', rate: '1' },
  { from: '4', rate: '0.5' },
  { from: '8', rate: '0.25' },
];

/** Cost and price of a quantity where so much was counted before. */
function priced(counted: string, quantity: string, tiers = TIERS): string {
  const { cost, price } = tieredCost(tiers, new ExactDecimal(counted), new ExactDecimal(quantity));
  return `${cost} at ${price}`;
}

test.each([
  ['in the first tier', '0', '3', '3 at 1'],
  ['up to where the next tier begins', '0', '4', '4 at 1'],
  ['over all tiers', '0', '10', '6.5 at 1'],
  ['that begins where a tier begins', '4', '2', '1 at 0.5'],
  ['over a border', '3', '2', '1.5 at 1'],
  ['in the last tier, which has no end', '8', '100', '25 at 0.25'],
  ['that takes the counter back over a border', '5', '-2', '-1.5 at 0.5'],
  ['that takes the counter back within a tier', '7', '-2', '-1 at 0.5'],
  ['that takes the counter back to where a tier begins', '6', '-2', '-1 at 0.5'],
  ['that takes the counter below 0, at the first tier’s price', '4', '-6', '-6 at 1'],
  ['that begins below 0', '-2', '3', '3 at 1'],
  ['of 0 at the beginning', '0', '0', '0 at 1'],
  ['of 0 where a tier begins', '4', '0', '0 at 0.5'],
  ['of 0 within a tier', '5', '0', '0 at 0.5'],
  ['of 0 in the last tier', '9', '0', '0 at 0.25'],
])('a quantity %s: %s counted, %s more cost %s', (_, counted, quantity, expected) => {
  expect(priced(counted, quantity)).toBe(expected);
});

test('each tier’s part is rounded to 18 decimals, half away from zero', () => {
  const tiny = [
    { from: '0', rate: '0.000000000000000005' },
    { from: '0.1', rate: '0.000000000000000005' },
  ];
  expect(priced('0', '0.2', tiny)).toBe('0.000000000000000002 at 0.000000000000000005');
  expect(priced('0.2', '-0.2', tiny)).toBe('-0.000000000000000002 at 0.000000000000000005');
});

test('one tier is for every quantity', () => {
  expect(priced('5', '2', TIERS.slice(0, 1))).toBe('2 at 1');
});
