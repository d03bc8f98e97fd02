import { describe, expect, test } from 'vitest';
import { priceRow } from '../../../lib/rules/price-row.ts';
import { inMemory, type RowOfTest } from './delivered-table.ts';
import { stored } from './stored.ts';

const USAGE: RowOfTest = {
  ...{ BilledCost: '80', EffectiveCost: '70', ContractedCost: '90', ListCost: '100' },
  ...{ ContractedUnitPrice: '9', ListUnitPrice: '10', PricingUnit: 'Hours', PricingQuantity: '10' },
};
const TYPES = {
  list: { type: 'adjust_to_list', offsetPercent: '-15' },
  rerate: { type: 'rerate', base: 'billed_cost', offsetPercent: '10' },
  ofList: { type: 'rerate', base: 'list_cost', offsetPercent: '-10' },
  credit: { type: 'rerate', base: 'absolute_credits', offsetPercent: '-50' },
  margin: { type: 'operating_margin', base: 'billed_cost', percent: '10' },
  backOut: { type: 'back_out' },
  zero: { type: 'back_out', mode: 'zero' },
  shown: { type: 'adjustment', percentShown: '50' },
  rate: { type: 'fixed_rate', rate: '0.25', pricingUnit: 'Hours' },
};

/** What became of a row: its costs and unit prices, or that it has none. */
function priced(rule: Readonly<Record<string, unknown>>, row: RowOfTest = USAGE): string {
  const { outcome } = priceRow(stored(rule), inMemory(row));
  if (outcome?.kind !== 'priced') return outcome?.kind ?? 'left alone';
  const { BilledCost, EffectiveCost, ContractedCost, ListCost, ContractedUnitPrice, ListUnitPrice } = outcome.amounts;
  return [BilledCost, EffectiveCost, ContractedCost, ListCost, ContractedUnitPrice, ListUnitPrice]
    .map(String)
    .join(' ');
}

describe('A row priced in memory', () => {
  test.each([
    ['list', '85 85 85 100 8.5 10'],
    ['rerate', '88 77 99 100 9.9 10'],
    ['margin', '88 77 99 100 9.9 10'],
    ['ofList', '70 60 80 100 8 10'],
    ['shown', '40 35 45 100 4.5 10'],
    ['zero', '0 0 0 0 0 0'],
    ['backOut', 'removed'],
    ['rate', '2.5 2.5 2.5 100 0.25 10'],
  ] as const)('by %s costs %s', (type, costs) => {
    expect(priced(TYPES[type])).toBe(costs);
  });

  test('is passed over by what has no list price for it', () => {
    for (const ListCost of [null, '0']) {
      expect(priced(TYPES.list, { ...USAGE, ListCost })).toBe('list_price_missing');
      expect(priced(TYPES.ofList, { ...USAGE, ListCost })).toBe('list_price_missing');
    }
  });

  test('is free by a list price of 0 where it was free', () => {
    const free = { ...USAGE, ListCost: '0', ContractedCost: '0', ListUnitPrice: '0' };
    expect(priced(TYPES.list, free)).toBe('0 0 0 0 0 0');
    expect(priced(TYPES.list, { ...free, ContractedCost: null })).toBe('0 0 0 0 0 0');
  });

  test('has no price where it had none, and half a credit with half its list cost', () => {
    const unpriced = { ...USAGE, ContractedUnitPrice: null, BilledCost: null };
    expect(priced(TYPES.rerate, unpriced)).toBe('null 77 99 100 null 10');
    expect(priced(TYPES.ofList, unpriced)).toBe('null 60 80 100 null 10');
    expect(priced(TYPES.credit, { ...USAGE, ChargeCategory: 'Credit' })).toBe('40 35 45 50 9 10');
  });

  test.each([
    ['a credit', { ChargeCategory: 'Credit' }, ['credit', 'backOut', 'zero']],
    ['tax', { ChargeCategory: 'Tax' }, ['backOut', 'zero']],
    ['of no category', { ChargeCategory: null }, 'all but credit'],
    ['a purchase of a commitment', { ChargeCategory: 'Purchase', CommitmentDiscountId: 'sp' }, 'not by list'],
    ['a purchase of anything else', { ChargeCategory: 'Purchase' }, 'all but credit'],
    ['covered by a commitment', { CommitmentDiscountId: 'sp', CommitmentDiscountStatus: 'Used' }, 'all but credit'],
    ['the unused part of one', { CommitmentDiscountId: 'sp', CommitmentDiscountStatus: 'Unused' }, 'not by list'],
    ['of another unit', { PricingUnit: 'GB' }, 'not by rate'],
    ['without a quantity', { PricingQuantity: null }, 'not by rate'],
    ['of the partner', { x_Owner: 'partner' }, []],
    ['of nobody', { x_Owner: 'unassigned' }, []],
  ] as const)('that is %s is priced by what acts on such rows', (_, columns, types) => {
    const names = Object.keys(TYPES);
    const without = (...out: readonly string[]) => names.filter((name) => !['credit', ...out].includes(name));
    const expected =
      types === 'all but credit'
        ? without()
        : types === 'not by list'
          ? without('list', 'ofList', 'rate')
          : types === 'not by rate'
            ? without('rate')
            : types;
    const acting = Object.entries(TYPES).filter(([, rule]) => priced(rule, { ...USAGE, ...columns }) !== 'left alone');
    expect(acting.map(([name]) => name)).toEqual(expected);
  });

  test('takes the first applicable rule, and names the back-outs that it keeps from acting', () => {
    const elsewhere = { customers: ['cus_fabrikam0000'] };
    const rules = stored({ ...TYPES.list, ...elsewhere }, TYPES.rerate, TYPES.backOut, TYPES.list, TYPES.zero);
    const { rule, shadowed } = priceRow(rules, inMemory(USAGE));
    expect(rule?.order).toBe(2);
    expect(shadowed.map(({ order }) => order)).toEqual([3, 5]);
    const backedOut = priceRow(stored(TYPES.zero, TYPES.backOut), inMemory(USAGE));
    expect([backedOut.rule?.order, backedOut.shadowed]).toEqual([1, []]);
    expect(priceRow(stored({ ...TYPES.backOut, enabled: false }), inMemory(USAGE))).toEqual({ shadowed: [] });
  });
});
