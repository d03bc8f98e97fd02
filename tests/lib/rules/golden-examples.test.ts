import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuleType } from '../../../lib/domain/billing-rule.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { openForRules, type RowOfTest } from './delivered-table.ts';
import { amount, price } from './priced.ts';
import { stored } from './stored.ts';

/** The row of `pricing.md` §9: m5.large for 744 hours. */
const M5: RowOfTest = {
  ServiceName: 'Amazon EC2',
  ListUnitPrice: '0.096',
  ContractedUnitPrice: '0.08832',
  PricingQuantity: '744',
  PricingUnit: 'Hours',
  ListCost: '71.424',
  BilledCost: '65.71008',
  EffectiveCost: '65.71008',
  ContractedCost: '65.71008',
};

/** What m5.large costs under each type alone; a type without an example does not compile. */
const EXAMPLES: { readonly [Type in RuleType]: { readonly fields: object; readonly BilledCost: string } } = {
  adjust_to_list: { fields: { offsetPercent: '5' }, BilledCost: '74.9952' },
  rerate: { fields: { base: 'billed_cost', offsetPercent: '-12.5' }, BilledCost: '57.49632' },
  operating_margin: { fields: { base: 'billed_cost', percent: '10' }, BilledCost: '72.281088' },
  back_out: { fields: { mode: 'zero' }, BilledCost: '0' },
  adjustment: { fields: { percentShown: '75' }, BilledCost: '49.28256' },
  fixed_rate: { fields: { rate: '0.25', pricingUnit: 'Hours' }, BilledCost: '186' },
  tiered_rate: {
    fields: {
      tiers: [
        { from: '0', rate: '0.1' },
        { from: '700', rate: '0.05' },
      ],
      pricingUnit: 'Hours',
      aggregate: 'customer',
    },
    BilledCost: '72.2',
  },
  charge: { fields: { amount: '300', serviceName: 'Managed Services' }, BilledCost: '65.71008' },
  credit: { fields: { amount: '300', serviceName: 'Managed Services' }, BilledCost: '65.71008' },
  percentage_charge: { fields: { percent: '3' }, BilledCost: '65.71008' },
};

describe('The golden examples of pricing.md §9', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test.each([
    ['adjust-to-list', { type: 'adjust_to_list' }, '71.424', '0.096', '5.71392'],
    ['adjust-to-list-plus-10', { type: 'adjust_to_list', offsetPercent: '10' }, '78.5664', '0.1056', '12.85632'],
    ['adjust-to-list-minus-5', { type: 'adjust_to_list', offsetPercent: -5 }, '67.8528', '0.0912', '2.14272'],
    ['rerate-plus-5', { type: 'rerate', base: 'billed_cost', offsetPercent: '5' }, '68.995584', '0.092736', '3.285504'],
  ])('m5.large under %s', async (_, rule, cost, unitPrice, delta) => {
    const { priced, waterfall } = await price(database, stored(rule), [M5]);
    const [row] = priced;
    for (const column of ['BilledCost', 'EffectiveCost', 'ContractedCost'])
      expect(amount(row, `x_Charged${column}`)).toBe(cost);
    expect(amount(row, 'x_ChargedContractedUnitPrice')).toBe(unitPrice);
    expect(amount(row, 'x_ChargedListCost')).toBe('71.424');
    expect(waterfall).toHaveLength(1);
    expect(amount(waterfall[0], 'x_BilledCostDelta')).toBe(delta);
  });

  test.each(Object.entries(EXAMPLES))('m5.large under %s alone', async (type, { fields, BilledCost }) => {
    const { compiled, priced } = await price(database, stored({ type, ...fields }), [M5]);
    await expect(`${compiled.priced}\n\n${compiled.waterfall}\n`).toMatchFileSnapshot(`../../golden/rule-${type}.sql`);
    expect(amount(priced[0], 'x_ChargedBilledCost')).toBe(BilledCost);
  });

  test('a refund of ten hours at list plus ten keeps its sign in the quantity', async () => {
    const refund = {
      ...M5,
      PricingQuantity: '-10',
      ListCost: '-0.96',
      BilledCost: '-0.8832',
      EffectiveCost: '-0.8832',
      ContractedCost: '-0.8832',
    };
    const { priced } = await price(database, stored({ type: 'adjust_to_list', offsetPercent: '10' }), [refund]);
    expect(amount(priced[0], 'x_ChargedBilledCost')).toBe('-1.056');
    expect(amount(priced[0], 'x_ChargedContractedUnitPrice')).toBe('0.1056');
    expect(amount(priced[0], 'x_ChargedListCost')).toBe('-0.96');
  });

  test.each([
    ['absent', null, '12.34', true],
    ['0 while the contracted cost is not', '0', '12.34', true],
    ['0 like the contracted cost: free', '0', '0', false],
  ])('a list price that is %s', async (_, ListCost, ContractedCost, isMissing) => {
    const row = { BilledCost: '12.34', EffectiveCost: '12.34', ContractedCost, ListCost };
    const { priced, waterfall } = await price(database, stored({ type: 'adjust_to_list' }), [row]);
    expect(amount(priced[0], 'x_ChargedBilledCost')).toBe(isMissing ? '12.34' : '0');
    expect(waterfall).toMatchObject([
      { x_Applied: 'true', x_WarningCode: isMissing ? 'list_price_missing' : null, x_BillingRuleName: 'Rule 1' },
    ]);
    expect(amount(waterfall[0], 'x_BilledCostDelta')).toBe(isMissing ? '0' : '-12.34');
  });

  test('priority: the first applicable rule in order is the only one', async () => {
    const row = { BilledCost: '80', EffectiveCost: '80', ContractedCost: '80', ListCost: '100' };
    const less = { type: 'rerate', base: 'billed_cost', offsetPercent: '-10' };
    const more = { type: 'rerate', base: 'billed_cost', offsetPercent: '20' };
    expect(amount((await price(database, stored(less, more), [row])).priced[0], 'x_ChargedBilledCost')).toBe('72');
    expect(amount((await price(database, stored(more, less), [row])).priced[0], 'x_ChargedBilledCost')).toBe('96');
  });

  test('a rule out of date, switched off or for somebody else is not the first applicable one', async () => {
    const row = { BilledCost: '80', EffectiveCost: '80', ContractedCost: '80', ListCost: '100' };
    const less = { type: 'rerate', base: 'billed_cost', offsetPercent: '-10' };
    const rules = stored(
      { ...less, endDate: '2025-03-09' },
      { ...less, enabled: false },
      { ...less, customers: ['cus_somebodyelse'] },
      { ...less, offsetPercent: '20' },
    );
    const { priced } = await price(database, rules, [row]);
    expect(amount(priced[0], 'x_ChargedBilledCost')).toBe('96');
    expect(priced[0]?.x_RuleNumber).toBe('4');
  });

  test('both days of a rule count, and no row is pro-rated', async () => {
    const rule = {
      type: 'rerate',
      base: 'billed_cost',
      offsetPercent: '100',
      startDate: '2025-03-01',
      endDate: '2025-03-31',
    };
    const starts = [
      '2025-02-28 23:00:00',
      '2025-03-01 00:00:00',
      '2025-03-31 23:00:00',
      '2025-04-01 00:00:00',
      '2025-03-31 00:00:00',
    ];
    const rows = starts.map((ChargePeriodStart, at) => ({
      x_RowId: `row-${at}`,
      ChargePeriodStart: `${ChargePeriodStart}.000`,
      BilledCost: '1',
    }));
    const { priced } = await price(database, stored(rule), rows);
    expect(priced.map((row) => amount(row, 'x_ChargedBilledCost'))).toEqual(['1', '2', '2', '1', '2']);
  });

  test.each([
    [['Credit', 'Tax', 'DistributorDiscount'], '100', '28'],
    [['DistributorDiscount'], '77', '5'],
  ])('backing out %j leaves %s', async (names, sum, delta) => {
    const rows = [
      { x_RowId: 'usage', BilledCost: '100' },
      { x_RowId: 'credit', BilledCost: '-30', ChargeCategory: 'Credit', x_ChargeType: 'Credit' },
      { x_RowId: 'tax', BilledCost: '7', ChargeCategory: 'Tax', x_ChargeType: 'Tax' },
      { x_RowId: 'discount', BilledCost: '-5', ChargeCategory: 'Credit', x_ChargeType: 'DistributorDiscount' },
    ];
    const wanted = names.map((name) =>
      name === 'DistributorDiscount'
        ? { field: 'x_ChargeType', op: 'in', values: [name] }
        : {
            all: [
              { field: 'ChargeCategory', op: 'in', values: [name] },
              { field: 'x_ChargeType', op: 'notIn', values: ['DistributorDiscount'] },
            ],
          },
    );
    await price(database, stored({ type: 'back_out', filter: { any: wanted } }), rows);
    const [left] = await database.rows(
      'SELECT sum("x_ChargedBilledCost") AS charged FROM priced WHERE NOT "x_Removed"',
    );
    expect(amount(left, 'charged')).toBe(sum);
    const [deltas] = await database.rows('SELECT sum("x_BilledCostDelta") AS delta FROM waterfall');
    expect(amount(deltas, 'delta')).toBe(delta);
  });
});

describe('What a rule leaves alone', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  const cost = { BilledCost: '10', EffectiveCost: '10', ContractedCost: '10', ListCost: '20' };

  test.each([
    ['a credit', { ChargeCategory: 'Credit' }, { rerate: null, list: null, backOut: '0' }],
    ['tax that nobody asked for', { ChargeCategory: 'Tax' }, { rerate: null, list: null, backOut: '0' }],
    [
      'the purchase of a commitment',
      { ChargeCategory: 'Purchase', CommitmentDiscountId: 'ri-1' },
      { rerate: '20', list: null, backOut: '0' },
    ],
    ['another purchase', { ChargeCategory: 'Purchase' }, { rerate: '20', list: '20', backOut: '0' }],
    [
      'the unused part of a commitment',
      { CommitmentDiscountStatus: 'Unused', CommitmentDiscountId: 'ri-1' },
      { rerate: '20', list: null, backOut: '0' },
    ],
    ['a row of nobody', { x_Owner: 'unassigned' }, { rerate: null, list: null, backOut: null }],
    ['a row of the partner', { x_Owner: 'partner' }, { rerate: null, list: null, backOut: null }],
  ])('%s', async (_, row, expected) => {
    const under = async (rule: Record<string, unknown>) => {
      const { priced, waterfall } = await price(database, stored(rule), [{ ...cost, ...row }]);
      return waterfall.length === 0 ? null : amount(priced[0], 'x_ChargedBilledCost');
    };
    expect({
      rerate: await under({ type: 'rerate', base: 'billed_cost', offsetPercent: '100' }),
      list: await under({ type: 'adjust_to_list' }),
      backOut: await under({ type: 'back_out' }),
    }).toEqual(expected);
  });

  test('tax is opted in by naming it, but not below a not', async () => {
    const names = { field: 'ChargeCategory', op: 'in', values: ['Tax', 'Usage'] };
    const tax = [{ ...cost, ChargeCategory: 'Tax' }];
    const rerate = { type: 'rerate', base: 'billed_cost', offsetPercent: '100' };
    const { priced } = await price(database, stored({ ...rerate, filter: { any: [names] } }), tax);
    expect(amount(priced[0], 'x_ChargedBilledCost')).toBe('20');
    const negated = await price(database, stored({ ...rerate, filter: { not: { not: names } } }), tax);
    expect(negated.priced[0]?.x_RuleNumber).toBeNull();
  });

  test('a row that is shown at 0 has all costs 0, and unit prices 0 where it had some', async () => {
    const row = { BilledCost: '10', ListCost: null, ContractedUnitPrice: '3', ListUnitPrice: null };
    const { priced, waterfall } = await price(database, stored({ type: 'back_out', mode: 'zero' }), [row]);
    expect(priced[0]).toMatchObject({ x_Removed: 'false', x_ChargedListUnitPrice: null });
    for (const column of ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost', 'ContractedUnitPrice'])
      expect(amount(priced[0], `x_Charged${column}`)).toBe('0');
    expect(amount(waterfall[0], 'x_BilledCostDelta')).toBe('-10');
    expect(amount(waterfall[0], 'x_ListCostDelta')).toBe('0');
  });
});

describe('What the partner is warned of', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test('a back-out behind a rule of another type, on the rows that both want', async () => {
    const rules = stored(
      {
        type: 'rerate',
        base: 'billed_cost',
        offsetPercent: '10',
        filter: { field: 'ServiceName', op: 'in', values: ['S3'] },
      },
      { type: 'back_out', filter: { field: 'RegionId', op: 'startsWith', values: ['EU-'] } },
    );
    const rows = [
      { x_RowId: 'both', ServiceName: 'S3', RegionId: 'eu-west-1', BilledCost: '1' },
      { x_RowId: 'first', ServiceName: 'S3', RegionId: 'us-east-1', BilledCost: '1' },
      { x_RowId: 'second', ServiceName: 'EC2', RegionId: 'eu-west-1', BilledCost: '1' },
    ];
    const { waterfall } = await price(database, rules, rows);
    expect(waterfall.map((row) => [row.x_RowId, row.x_BillingRuleName, row.x_Applied, row.x_WarningCode])).toEqual([
      ['both', 'Rule 1', 'true', null],
      ['both', 'Rule 2', 'false', 'back_out_shadowed'],
      ['first', 'Rule 1', 'true', null],
      ['second', 'Rule 2', 'true', null],
    ]);
    expect(waterfall.map((row) => amount(row, 'x_BilledCostDelta'))).toEqual(['0.1', '0', '0.1', '-1']);
  });

  test('usage at list price whose commitment the same customer also pays', async () => {
    const used = {
      CommitmentDiscountId: 'ri-1',
      CommitmentDiscountStatus: 'Used',
      BilledCost: '0',
      EffectiveCost: '6',
      ContractedCost: '9',
      ListCost: '10',
    };
    const purchase = { CommitmentDiscountId: 'ri-1', ChargeCategory: 'Purchase', BilledCost: '100' };
    const rows = [
      { ...used, x_RowId: '1-twice' },
      { ...purchase, x_RowId: '2-purchase' },
      { ...used, x_RowId: '3-other-customer', x_Owner: 'cus_fabrikam0000' },
      { ...used, x_RowId: '4-other-commitment', CommitmentDiscountId: 'ri-2' },
    ];
    const { priced, waterfall } = await price(database, stored({ type: 'adjust_to_list' }), rows);
    expect(waterfall.map((row) => [row.x_RowId, row.x_WarningCode])).toEqual([
      ['1-twice', 'commitment_charged_twice'],
      ['3-other-customer', null],
      ['4-other-commitment', null],
    ]);
    expect(priced.map(({ x_IsStandardPrice }) => x_IsStandardPrice)).toEqual(['true', 'false', 'true', 'true']);
    const free = await price(database, stored({ type: 'adjust_to_list' }), [
      { ...used, x_RowId: '1' },
      { ...purchase, x_RowId: '2', BilledCost: '0' },
    ]);
    expect(free.waterfall.map((row) => row.x_WarningCode)).toEqual([null]);
  });
});
