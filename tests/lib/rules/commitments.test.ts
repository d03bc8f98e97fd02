import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { CommitmentPolicy } from '../../../lib/domain/commitment-policy.ts';
import { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import { DEFAULT_SETTINGS } from '../../../lib/domain/settings.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { CONTOSO, FABRIKAM, openForRules, type RowOfTest } from './delivered-table.ts';
import { priceBill } from './price-bill.ts';
import { amount } from './priced.ts';
import { stored } from './stored.ts';

const PLAN = {
  CommitmentDiscountId: 'sp-1',
  ChargePeriodStart: '2025-03-10 00:00:00.000',
  ChargePeriodEnd: '2025-03-10 01:00:00.000',
} as const;
const used = (EffectiveCost: string, onDemand: string, others: RowOfTest = {}): RowOfTest => ({
  ...PLAN,
  CommitmentDiscountStatus: 'Used',
  BilledCost: '0',
  EffectiveCost,
  ContractedCost: onDemand,
  ListCost: onDemand,
  ...others,
});
/** The shared savings plan of `pricing.md` §9: 10.00 an hour, bought in an account of customer A. */
const SHARED: readonly RowOfTest[] = [
  used('6', '9', { x_RowId: 'a' }),
  used('2.5', '3.6', { x_RowId: 'b', x_Owner: FABRIKAM }),
  {
    ...PLAN,
    x_RowId: 'unused',
    CommitmentDiscountStatus: 'Unused',
    BilledCost: '0',
    EffectiveCost: '1.5',
    x_Owner: 'partner',
  },
];

describe('A shared savings plan of 10.00 an hour', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  const bill = async (
    rows: readonly RowOfTest[],
    policies: { partner?: unknown; contoso?: unknown } = {},
    rules: readonly Readonly<Record<string, unknown>>[] = [],
  ) => {
    const commitments = CommitmentPolicy.parse(policies.partner ?? { policy: 'pass_through' });
    const own = policies.contoso === undefined ? {} : { commitments: policies.contoso };
    const customers = [{ id: CONTOSO, ...own }, { id: FABRIKAM }].map((one) =>
      CustomerTenant.parse({ ...one, name: one.id, createdAt: '2025-01-01T00:00:00Z', version: 1 }),
    );
    return await priceBill(database, {
      ...{ customers, rules: stored(...rules), rows, period: BillingPeriod.parse('2025-03') },
      settings: { ...DEFAULT_SETTINGS, commitments },
    });
  };
  const costs = ({ ledger }: Awaited<ReturnType<typeof bill>>, column = 'BilledCost') =>
    Object.fromEntries(ledger.map((row) => [row.x_RowId, amount(row, column)]));

  test('CH-23 under retain is charged on demand: A 9.00, B 3.60', async () => {
    const priced = await bill(SHARED, { partner: { policy: 'retain' } });
    expect(costs(priced)).toEqual({ a: '9', b: '3.6' });
    expect(costs(priced, 'EffectiveCost')).toEqual({ a: '9', b: '3.6' });
    expect(priced.ledger).toMatchObject([
      { PricingCategory: 'Standard', CommitmentDiscountId: null, CommitmentDiscountStatus: null },
      { PricingCategory: 'Standard', CommitmentDiscountId: null, CommitmentDiscountStatus: null },
    ]);
    expect(priced.waterfall.map((row) => [row.x_Stage, row.x_Applied, amount(row, 'x_BilledCostDelta')])).toEqual([
      ['commitment', 'true', '9'],
      ['commitment', 'true', '3.6'],
    ]);
  });

  test('CH-23 under share of 50 % is charged half the benefit less: A 7.50, B 3.05', async () => {
    const priced = await bill(SHARED, { partner: { policy: 'share', percent: '50' } });
    expect(costs(priced)).toEqual({ a: '7.5', b: '3.05' });
    expect(costs(priced, 'ContractedCost')).toEqual({ a: '9', b: '3.6' });
  });

  test('under allocate is charged by use, with the unused part, to the last digit: 120/17 and 50/17', async () => {
    const priced = await bill(SHARED, { partner: { policy: 'allocate' } });
    expect(costs(priced)).toEqual({ a: '7.058823529412', b: '2.941176470588' });
    const sum = priced.ledger.reduce((total, { BilledCost }) => total.plus(BilledCost ?? 0), new ExactDecimal(0));
    expect(sum.toFixed()).toBe('10');
  });

  test('CH-23 by default passes through as delivered', async () => {
    const priced = await bill(SHARED);
    expect(costs(priced, 'EffectiveCost')).toEqual({ a: '6', b: '2.5' });
    expect(priced.ledger[0]?.CommitmentDiscountStatus).toBe('Used');
    expect(priced.waterfall).toEqual([]);
  });

  test('a customer’s own policy stands before the partner’s', async () => {
    const priced = await bill(SHARED, { partner: { policy: 'retain' }, contoso: { policy: 'pass_through' } });
    expect(costs(priced)).toEqual({ a: '0', b: '3.6' });
  });

  test('shares of those who are not under allocate stay where they were', async () => {
    const priced = await bill(SHARED, { contoso: { policy: 'allocate' } });
    expect(costs(priced)).toEqual({ a: '7.058823529412', b: '0' });
  });

  test('purchases and unused rows are the partner’s, whatever rules say; other rows stay', async () => {
    const rows: readonly RowOfTest[] = [
      { x_RowId: '1', ...PLAN, ChargeCategory: 'Purchase', BilledCost: '10' },
      { x_RowId: '2', ...PLAN, CommitmentDiscountStatus: 'Unused', BilledCost: '1' },
      { x_RowId: '3', ChargeCategory: 'Purchase', BilledCost: '5' },
    ];
    const rule = { type: 'rerate', base: 'billed_cost', offsetPercent: '100' };
    const priced = await bill(rows, { partner: { policy: 'retain' } }, [rule]);
    expect(priced.owners.map(({ x_Owner }) => x_Owner)).toEqual(['partner', 'partner', CONTOSO]);
    expect(costs(priced)).toEqual({ 3: '10' });
    expect((await bill(rows, {}, [rule])).ledger).toHaveLength(3);
  });

  test('without a price on demand stays as delivered and is counted', async () => {
    const rows = [
      used('6', '0', { x_RowId: 'none', ContractedCost: null, ListCost: null }),
      used('6', '0', { x_RowId: 'zero' }),
    ];
    const priced = await bill(rows, { partner: { policy: 'retain' } });
    expect(costs(priced, 'EffectiveCost')).toEqual({ none: '6', zero: '0' });
    expect(priced.warnings).toMatchObject([
      { code: 'on_demand_price_missing', customer: CONTOSO, rule: null, rows: '1' },
    ]);
  });

  test('takes the list price where there is no contracted one, and rules begin with what the policy left', async () => {
    const rows = [
      used('6', '9', {
        x_RowId: 'list',
        ContractedCost: '0',
        ListCost: '12',
        ContractedUnitPrice: '0',
        ListUnitPrice: '1.2',
      }),
    ];
    const plusTen = { type: 'rerate', base: 'billed_cost', offsetPercent: '10' };
    const priced = await bill(rows, { partner: { policy: 'retain' } }, [plusTen]);
    expect(costs(priced)).toEqual({ list: '13.2' });
    expect(costs(priced, 'ContractedUnitPrice')).toEqual({ list: '1.32' });
    expect(priced.waterfall.map((row) => amount(row, 'x_BilledCostDelta')).sort()).toEqual(['1.2', '12']);
  });
});
