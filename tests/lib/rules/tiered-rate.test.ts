import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import { DEFAULT_SETTINGS, type Precedence } from '../../../lib/domain/settings.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { CONTOSO, FABRIKAM, openForRules, type RowOfTest } from './delivered-table.ts';
import { priceBill } from './price-bill.ts';
import { amount } from './priced.ts';
import { stored } from './stored.ts';

const customers = [CONTOSO, FABRIKAM].map((id) =>
  CustomerTenant.parse({ id, name: id, createdAt: '2025-01-01T00:00:00Z', version: 1 }),
);
const TIERS = {
  type: 'tiered_rate',
  tiers: [
    { from: '0', rate: '0.0184' },
    { from: '51200', rate: '0.0177' },
  ],
  pricingUnit: 'GB-Month',
  aggregate: 'customer',
};
const storage = (PricingQuantity: string, others: RowOfTest = {}): RowOfTest => ({
  PricingUnit: 'GB-Month',
  PricingQuantity,
  BilledCost: '10',
  EffectiveCost: '10',
  ContractedCost: '10',
  ListCost: '12',
  ConsumedQuantity: '7',
  SubAccountId: 'a',
  BillingPeriodStart: '2025-03-01 00:00:00.000',
  ...others,
});

describe('A tiered rate', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  const priceRows = (
    rows: readonly RowOfTest[],
    rules: readonly Readonly<Record<string, unknown>>[] = [TIERS],
    precedence: Precedence = 'first_match',
  ) =>
    priceBill(database, {
      settings: { ...DEFAULT_SETTINGS, precedence },
      customers,
      period: BillingPeriod.parse('2025-03'),
      rules: stored(...rules),
      rows: rows.map((row, at) => ({ x_RowId: `r${at}`, ...row })),
    });
  const sum = (rows: readonly Readonly<Record<string, string | null>>[], column: string) =>
    rows.reduce((total, row) => total.plus(row[column] ?? 0), new ExactDecimal(0)).toFixed();

  test('of 60,000.5 GB is 1,097.84885, in a row for each of the two tiers', async () => {
    const { ledger, waterfall } = await priceRows([storage('60000.5')]);
    expect(ledger.map(({ x_RowId }) => x_RowId)).toEqual(['r0', 'r0/2']);
    expect(ledger.map((row) => amount(row, 'BilledCost'))).toEqual(['942.08', '155.76885']);
    expect(ledger.map((row) => amount(row, 'ContractedUnitPrice'))).toEqual(['0.0184', '0.0177']);
    expect(ledger.map((row) => amount(row, 'PricingQuantity'))).toEqual(['51200', '8800.5']);
    expect(sum(ledger, 'BilledCost')).toBe('1097.84885');
    expect(sum(ledger, 'ListCost')).toBe('12');
    expect(sum(ledger, 'ConsumedQuantity')).toBe('7');
    expect(amount(waterfall[0], 'x_BilledCostDelta')).toBe('1087.84885');
  });

  test('of exactly 51,200 GB stays within the first tier', async () => {
    const { ledger } = await priceRows([storage('51200')]);
    expect(ledger.map((row) => amount(row, 'BilledCost'))).toEqual(['942.08']);
  });

  test('counts two sub accounts apart where it says so: 1,104.0092', async () => {
    const rows = [storage('40000'), storage('20000.5', { SubAccountId: 'b' })];
    expect(sum((await priceRows(rows, [{ ...TIERS, aggregate: 'sub_account' }])).ledger, 'BilledCost')).toBe(
      '1104.0092',
    );
    expect(sum((await priceRows(rows)).ledger, 'BilledCost')).toBe('1097.84885');
  });

  test('counts in order of time, then sub account, then row, and customers apart', async () => {
    const rows = [
      storage('51200', { SubAccountId: 'b' }),
      storage('100', { SubAccountId: 'a' }),
      storage('100', { SubAccountId: 'z', ChargePeriodStart: '2025-03-01 00:00:00.000' }),
      storage('100', { x_Owner: FABRIKAM }),
    ];
    const { ledger } = await priceRows(rows);
    const costs = new Map(ledger.map((row) => [row.x_RowId, amount(row, 'BilledCost')]));
    expect([costs.get('r2'), costs.get('r1'), costs.get('r3')]).toEqual(['1.84', '1.84', '1.84']);
    expect([costs.get('r0'), costs.get('r0/2')]).toEqual(['938.4', '3.54']);
  });

  test('goes back down for a negative quantity, below 0 at the first price', async () => {
    const back = await priceRows([storage('51300'), storage('-200')]);
    expect(back.ledger.map((row) => [row.x_RowId, amount(row, 'BilledCost')])).toEqual([
      ['r0', '942.08'],
      ['r0/2', '1.77'],
      ['r1', '-1.77'],
      ['r1/2', '-1.84'],
    ]);
    const below = await priceRows([storage('-100')]);
    expect(below.ledger.map((row) => amount(row, 'BilledCost'))).toEqual(['-1.84']);
  });

  test('leaves rows in other units, without a quantity and of the partner uncounted', async () => {
    const rows = [
      storage('51200', { PricingUnit: 'GB-month' }),
      storage('51200', { PricingQuantity: null }),
      storage('51200', { x_Owner: 'partner' }),
      storage('100'),
    ];
    const { ledger } = await priceRows(rows);
    expect(ledger.map((row) => amount(row, 'BilledCost'))).toEqual(['10', '10', '1.84']);
  });

  test('runs over the rows it is applied to, after precedence', async () => {
    const first = {
      ...TIERS,
      tiers: [{ from: '0', rate: '1' }],
      filter: { field: 'SubAccountId', op: 'in', values: ['b'] },
    };
    const { ledger } = await priceRows([storage('51200', { SubAccountId: 'b' }), storage('100')], [first, TIERS]);
    expect(ledger.map((row) => amount(row, 'BilledCost'))).toEqual(['51200', '1.84']);
  });

  test('is scaled by a later rule tier by tier, and parts still add up', async () => {
    const plusTen = { type: 'rerate', base: 'billed_cost', offsetPercent: '10' };
    const { ledger } = await priceRows([storage('60000.5')], [TIERS, plusTen], 'sequential');
    expect(ledger.map((row) => amount(row, 'BilledCost'))).toEqual(['1036.288', '171.345735']);
    const beside = await priceRows([storage('60000.5')], [TIERS, plusTen], 'independent');
    expect(sum(beside.ledger, 'BilledCost')).toBe('1098.84885');
    expect(beside.ledger).toHaveLength(2);
  });
});
