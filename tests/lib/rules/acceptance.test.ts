import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import { DEFAULT_SETTINGS } from '../../../lib/domain/settings.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { customerOf } from '../ports/ids-of-test.ts';
import { openForRules, type RowOfTest } from './delivered-table.ts';
import { priceBill } from './price-bill.ts';
import { amount } from './priced.ts';
import { stored } from './stored.ts';

const T1 = customerOf(1, 'T1');
const MARCH = BillingPeriod.parse('2025-03');

/** A row of T1's; the same delivered amount in each of the costs but the list cost. */
function row(x_RowId: string, cost: string, more: RowOfTest = {}): RowOfTest {
  const costs = { BilledCost: cost, EffectiveCost: cost, ContractedCost: cost, ListCost: cost };
  return { x_RowId, x_Owner: T1.id, ...costs, ...more };
}

/** `acceptance.md`, the shared golden fixture FX1, as delivered in March 2025. */
const FX1: readonly RowOfTest[] = [
  row('L1', '80', { ServiceName: 'Compute Engine', x_ChargeType: 'Usage', ListCost: '100' }),
  row('L1c', '-5', { ServiceName: 'Compute Engine', ChargeCategory: 'Credit', x_ChargeType: 'Credit' }),
  row('L2', '85', { ServiceName: 'Amazon CloudFront', x_IsDataTransfer: 'true', x_ChargeType: 'Usage' }),
  row('L3', '40', { ServiceName: 'Amazon EC2', ChargeCategory: 'Purchase', x_ChargeType: 'RIFee' }),
  row('L4', '-12', { ServiceName: 'Amazon EC2', ChargeCategory: 'Credit', x_ChargeType: 'DistributorDiscount' }),
];
const ALL = { L1: '80', L1c: '-5', L2: '85', L3: '40', L4: '-12' };
const COMPUTE = { field: 'ServiceName', op: 'in', values: ['Compute Engine'] };
const toList = (offsetPercent: string) => ({ type: 'adjust_to_list', offsetPercent });
const rerate = (offsetPercent: string) => ({ type: 'rerate', base: 'billed_cost', offsetPercent });

describe('The acceptance rows of billing rules', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  const price = (rules: readonly object[], rows: readonly RowOfTest[]) =>
    priceBill(database, {
      ...{ settings: { ...DEFAULT_SETTINGS, currency: 'USD' }, customers: [T1], period: MARCH, rows },
      rules: stored(...(rules as Readonly<Record<string, unknown>>[])),
    });
  /** What each row is charged; one that left the ledger is not there. */
  const charged = async (rules: readonly object[], rows = FX1) =>
    Object.fromEntries((await price(rules, rows)).ledger.map((one) => [one.x_RowId, amount(one, 'BilledCost')]));
  const added = async (rules: readonly object[], rows = FX1) =>
    (await price(rules, rows)).additions.map((one) => one.amount);

  test('BR-03 a rule holds on its first and last day, and on neither side of them', async () => {
    const starts = ['2025-03-04 23:00', '2025-03-05 00:00', '2025-03-07 23:00', '2025-03-08 00:00'];
    const rows = starts.map((start, at) => row(`r${at}`, '100', { ChargePeriodStart: `${start}:00.000` }));
    const rule = { ...rerate('10'), startDate: '2025-03-05', endDate: '2025-03-07' };
    expect(await charged([rule], rows)).toEqual({ r0: '100', r1: '110', r2: '110', r3: '100' });
  });

  test('BR-04 adjust to list with no offset charges 100 for L1', async () => {
    expect(await charged([{ ...toList('0'), filter: COMPUTE }])).toEqual({ ...ALL, L1: '100' });
  });

  test.each([
    ['10', '110'],
    ['-10', '90'],
  ])('BR-05 adjust to list with an offset of %s charges %s for L1', async (offset, cost) => {
    expect((await charged([toList(offset)])).L1).toBe(cost);
  });

  test('BR-06 a line without a list price stays as it is and is counted, never 0', async () => {
    const { ledger, warnings } = await price([toList('0')], [row('a', '12.34', { ListCost: null })]);
    expect(ledger.map((one) => amount(one, 'BilledCost'))).toEqual(['12.34']);
    expect(warnings).toMatchObject([{ code: 'list_price_missing', rows: '1' }]);
  });

  test('BR-07 backing out RIFee takes L3 from the customer’s total; the partner’s ledger keeps it', async () => {
    const rule = { type: 'back_out', filter: { field: 'x_ChargeType', op: 'in', values: ['RIFee'] } };
    const { L3: _, ...rest } = ALL;
    expect(await charged([rule])).toEqual(rest);
    expect((await price([rule], FX1)).owners.map(({ x_RowId }) => x_RowId)).toContain('L3');
  });

  test.each([
    ['10', '88'],
    ['-15', '68'],
  ])('BR-10 a rerate of billed cost by %s charges %s for L1', async (offset, cost) => {
    expect((await charged([rerate(offset)])).L1).toBe(cost);
  });

  test('BR-13 a filter on Compute Engine changes L1 alone, the others to the cent', async () => {
    expect(await charged([{ ...rerate('10'), filter: COMPUTE }])).toEqual({ ...ALL, L1: '88' });
  });

  test('BR-14 without a filter all lines are in scope that the type acts on', async () => {
    expect(await charged([rerate('10')])).toEqual({ ...ALL, L1: '88', L2: '93.5', L3: '44' });
    expect(await charged([{ type: 'back_out' }])).toEqual({});
  });

  test('BR-20 a rule that is over, or has not begun, is passed over for the next', async () => {
    const over = { ...rerate('-50'), startDate: '2025-01-01', endDate: '2025-03-09' };
    const notYet = { ...rerate('-50'), startDate: '2025-03-11' };
    expect((await charged([over, notYet, rerate('10')])).L1).toBe('88');
  });

  test('BR-21 VM-18 the customer sees modified values and names of charges, and nothing of what made them', async () => {
    const secret = { ...rerate('10'), name: 'Secret margin' };
    const out = {
      name: 'Secret back-out',
      type: 'back_out',
      filter: { field: 'x_ChargeType', op: 'in', values: ['RIFee'] },
    };
    const fee = { name: 'Onboarding', type: 'charge', amount: '300', serviceName: 'MSP', startDate: '2025-03-01' };
    const { ledger, additions } = await price(
      [out, secret, fee],
      FX1.map((one) => ({ ...one, ListCost: null })),
    );
    const text = JSON.stringify(ledger);
    expect(text).not.toMatch(/Secret|rul_|"80\.0|"85\.0|"40\.0/);
    expect(additions.map((one) => one.amount)).toEqual(['300']);
  });

  test('BR-22 the partner sees raw and modified amounts, and the rule of each line', async () => {
    const { waterfall } = await price([{ ...rerate('10'), name: 'Ten more', filter: COMPUTE }], FX1);
    expect(waterfall.map((one) => [one.x_RowId, one.x_BillingRuleId, amount(one, 'x_BilledCostDelta')])).toEqual([
      ['L1', 'rul_000000000001', '8'],
    ]);
  });

  test('CH-12 where no rule matches nothing changes', async () => {
    const nothing = { field: 'ServiceName', op: 'in', values: ['Nothing'] };
    expect(await charged([{ ...rerate('10'), filter: nothing }])).toEqual(ALL);
  });

  test.each([
    ['one_time', '2025-03-01', ['300']],
    ['one_time', '2025-02-01', []],
    ['monthly', '2025-01-01', ['300']],
    ['monthly', '2025-04-01', []],
  ])('CH-18 a flat fee that is %s from %s adds %j in March', async (frequency, startDate, amounts) => {
    const fee = { type: 'charge', amount: '300', serviceName: 'MSP', frequency, startDate };
    expect(await added([fee])).toEqual(amounts);
  });

  test('CH-18 a spend ratio is of what its filter matches', async () => {
    expect(await added([{ type: 'percentage_charge', percent: '10', filter: COMPUTE }])).toEqual(['7.5']);
  });

  test.each([
    ['50000', '3800'],
    ['500', '100'],
  ])('CH-19 custom tiers of support on %s come to %s', async (spend, expected) => {
    const tiers = [
      { upTo: '10000', percent: '10' },
      { upTo: '80000', percent: '7' },
      { upTo: '250000', percent: '5' },
      { percent: '3' },
    ];
    const rule = { type: 'percentage_charge', tiers, minimum: '100' };
    expect(await added([rule], [row('spend', spend)])).toEqual([expected]);
  });

  test('CH-20 with a support rule the original support lines go and the new one comes; without, they pass', async () => {
    const rows = [row('usage', '1000'), row('support', '90', { x_IsSupport: 'true' })];
    const isSupport = { field: 'x_IsSupport', op: 'in', values: ['true'] };
    const rules = [
      { type: 'back_out', filter: isSupport },
      { type: 'percentage_charge', percent: '10', filter: { not: isSupport } },
    ];
    expect(await charged(rules, rows)).toEqual({ usage: '1000' });
    expect(await added(rules, rows)).toEqual(['100']);
    expect(await charged([], rows)).toEqual({ usage: '1000', support: '90' });
  });

  test('VM-24 usage under a payer’s commitments is charged at the public price: 173.14 + 215.47 = 388.61', async () => {
    const used = (id: string, list: string, type: string) =>
      row(id, '0', {
        ...{ EffectiveCost: '100', ContractedCost: '120', ListCost: list, CommitmentDiscountId: `sp-${id}` },
        ...{ CommitmentDiscountStatus: 'Used', x_ChargeType: type },
      });
    const rows = [used('a', '173.14', 'SavingsPlanCoveredUsage'), used('b', '215.47', 'DiscountedUsage')];
    const covered = { field: 'x_ChargeType', op: 'in', values: ['SavingsPlanCoveredUsage', 'DiscountedUsage'] };
    const result = await charged([{ ...toList('0'), filter: covered }], rows);
    expect(result).toEqual({ a: '173.14', b: '215.47' });
    const total = [result.a, result.b].reduce((sum, cost) => sum.plus(cost ?? '0'), new ExactDecimal(0));
    expect(total.toFixed()).toBe('388.61');
  });
});
