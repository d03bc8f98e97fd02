import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../infra/cli/figures/summary.ts';
import { listRules } from '../../lib/contracts/rules/list-rules.ts';
import { reorderRules } from '../../lib/contracts/rules/reorder-rules.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { billRow, costs } from './bill-row.ts';
import { type BillRow, csvOf } from './csv.ts';
import { openProduct, type Product } from './open-product.ts';
import type { TextRow } from './parquet-rows.ts';
import { publishedRowsOf } from './published-rows-of.ts';

/** An example of `pricing.md` §9: a customer with these rows and rules of its own, and what its ledger says, row by row. */
interface Example {
  readonly rows: readonly BillRow[];
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly ledger: readonly TextRow[];
  readonly commitments?: Readonly<Record<string, string>>;
}

/** m5.large, 744 h: LU 0.096, CU 0.08832, L 71.424, B = E = K 65.71008. */
const M5: BillRow = {
  ...costs('65.71008', { ListCost: '71.424' }),
  ContractedUnitPrice: '0.08832',
  ListUnitPrice: '0.096',
  PricingQuantity: '744',
  PricingUnit: 'Hours',
};

const threeCosts = (amount: string) => ({ BilledCost: amount, EffectiveCost: amount, ContractedCost: amount });
const ofM5 = (amount: string, ContractedUnitPrice: string) => ({
  ...threeCosts(amount),
  ContractedUnitPrice,
  ListCost: '71.424',
  ListUnitPrice: '0.096',
});
const toList = (offsetPercent?: string) => ({ type: 'adjust_to_list', offsetPercent });
const rerate = (offsetPercent: string, others = {}) => ({
  type: 'rerate',
  base: 'billed_cost',
  offsetPercent,
  ...others,
});
const backOut = (field: string, values: readonly string[], others = {}) => ({
  type: 'back_out',
  filter: { field, op: 'in', values },
  ...others,
});

/** Usage 100, a credit of 30, tax of 7 and the distributor's discount of 5. */
const INVOICE: readonly BillRow[] = [
  costs('100'),
  { ...costs('-30'), ChargeCategory: 'Credit', x_ChargeType: 'Credit' },
  { ...costs('7'), ChargeCategory: 'Tax', x_ChargeType: 'Tax' },
  { ...costs('-5'), ChargeCategory: 'Adjustment', x_ChargeType: 'DistributorDiscount' },
];

const THREE_PERCENT = '3 % of 1000 less marketplace of 150 and credits of 50 are 24';

/** An hour of a savings plan: 9.00 on demand, 6.00 amortised. */
const OF_PLAN: BillRow = {
  ...costs('0', { EffectiveCost: '6', ContractedCost: '9', ListCost: '10' }),
  CommitmentDiscountId: 'sp-1',
  CommitmentDiscountStatus: 'Used',
  CommitmentDiscountType: 'SavingsPlan',
};

const MARCH = { startDate: '2025-03-01', endDate: '2025-03-31' };
const from = (ChargePeriodStart: string, ChargePeriodEnd: string) => ({
  ...costs('10'),
  ChargePeriodStart,
  ChargePeriodEnd,
});

const EXAMPLES: Readonly<Record<string, Example>> = {
  'at list price, 744 hours of m5.large cost 71.424': {
    rows: [M5],
    rules: [toList()],
    ledger: [{ ...ofM5('71.424', '0.096'), PricingCategory: 'Standard' }],
  },
  'at list plus ten they cost 78.5664': { rows: [M5], rules: [toList('10')], ledger: [ofM5('78.5664', '0.1056')] },
  'at list less five they cost 67.8528': { rows: [M5], rules: [toList('-5')], ledger: [ofM5('67.8528', '0.0912')] },
  'five percent above what was billed they cost 68.995584': {
    rows: [M5],
    rules: [rerate('5')],
    ledger: [ofM5('68.995584', '0.092736')],
  },
  'a refund of ten hours at list plus ten is −1.056, at the price it was bought for': {
    rows: [{ ...M5, ...costs('-0.8832', { ListCost: '-0.96' }), PricingQuantity: '-10' }],
    rules: [toList('10')],
    ledger: [{ ...threeCosts('-1.056'), ContractedUnitPrice: '0.1056', ListCost: '-0.96', ListUnitPrice: '0.096' }],
  },
  'a row of 12.34 without a list price stays 12.34 under list pricing': {
    rows: [{ ...costs('12.34', { ListCost: undefined }) }, { ...costs('12.34', { ListCost: '0' }) }],
    rules: [toList('10')],
    ledger: [
      { ...threeCosts('12.34'), ListCost: null },
      { ...threeCosts('12.34'), ListCost: '0' },
    ],
  },
  'usage of 100 without its credit, tax and discount is 100': {
    rows: INVOICE,
    rules: [
      backOut('ChargeCategory', ['Credit', 'Tax']),
      backOut('x_ChargeType', ['DistributorDiscount'], { name: 'discount' }),
    ],
    ledger: [{ BilledCost: '100' }],
  },
  'without the discount only it is 77': {
    rows: INVOICE,
    rules: [backOut('x_ChargeType', ['DistributorDiscount'])],
    ledger: [{ BilledCost: '100' }, { BilledCost: '-30' }, { BilledCost: '7' }],
  },
  'a back-out that keeps the row keeps it at 0': {
    rows: [M5],
    rules: [backOut('ChargeCategory', ['Usage'], { mode: 'zero' })],
    ledger: [{ ...threeCosts('0'), ListCost: '0', ContractedUnitPrice: '0', ListUnitPrice: '0' }],
  },
  'a rule of March acts on what starts in March, whole': {
    rows: [
      from('2025-02-28T23:00:00Z', '2025-03-01T00:00:00Z'),
      from('2025-03-01T00:00:00Z', '2025-03-01T01:00:00Z'),
      from('2025-03-31T23:00:00Z', '2025-04-01T00:00:00Z'),
      from('2025-04-01T00:00:00Z', '2025-04-01T01:00:00Z'),
      from('2025-03-31T00:00:00Z', '2025-04-02T00:00:00Z'),
    ],
    rules: [rerate('100', MARCH)],
    ledger: ['10', '20', '20', '10', '20'].map((amount) => threeCosts(amount)),
  },
  'of less ten and then plus twenty, the first acts on 80: 72': {
    rows: [{ ...costs('80', { ListCost: '100' }) }],
    rules: [rerate('-10', { name: 'first match, r1' }), rerate('20', { name: 'first match, r2' })],
    ledger: [{ ...threeCosts('72'), ListCost: '100' }],
  },
  'BR-12 relative to list, less fifteen percent of it, they cost 54.99648': {
    rows: [M5],
    rules: [rerate('-15', { base: 'list_cost' })],
    ledger: [threeCosts('54.99648')],
  },
  'BR-08 a margin of twelve on 250 is 280, and −44.80 on a refund of 40': {
    rows: [costs('250'), costs('-40')],
    rules: [{ type: 'operating_margin', base: 'billed_cost', percent: '12' }],
    ledger: [threeCosts('280'), threeCosts('-44.8')],
  },
  'BR-09 of a credit of 30 the partner keeps 10 %': {
    rows: [{ ...costs('-30'), ChargeCategory: 'Credit' }, costs('80')],
    rules: [{ type: 'operating_margin', base: 'absolute_credits', percent: '10' }],
    ledger: [fourCosts('-27'), fourCosts('80')],
  },
  'BR-11 a credit of 5 is passed on with ten percent more': {
    rows: [{ ...costs('-5'), ChargeCategory: 'Credit' }],
    rules: [rerate('10', { base: 'absolute_credits' })],
    ledger: [fourCosts('-5.5')],
  },
  'VM-14 of 200, 75 % are shown: 150': {
    rows: [costs('200')],
    rules: [{ type: 'adjustment', percentShown: '75' }],
    ledger: [{ ...threeCosts('150'), ListCost: '200' }],
  },
  'CH-13 at 0.25 an hour, 744 hours cost 186': {
    rows: [M5],
    rules: [{ type: 'fixed_rate', rate: '0.25', pricingUnit: 'Hours' }],
    ledger: [ofM5('186', '0.25')],
  },
  'CH-15 a rule whose pattern the usage matches, and no other row': {
    rows: [costs('10'), { ...costs('10'), SkuMeter: 'BoxUsage:m5x' }],
    rules: [rerate('100', { filter: { field: 'SkuMeter', op: 'matches', values: ['^Box.*:m5\\.'] } })],
    ledger: [threeCosts('20'), threeCosts('10')],
  },
  'CH-13 60,000.5 GB in two tiers are two rows of 1,097.84885': {
    rows: [{ ...costs('900'), PricingQuantity: '60000.5', PricingUnit: 'GB-Month' }],
    rules: [
      {
        type: 'tiered_rate',
        tiers: [
          { from: '0', rate: '0.0184' },
          { from: '51200', rate: '0.0177' },
        ],
        pricingUnit: 'GB-Month',
        aggregate: 'customer',
      },
    ],
    ledger: [
      { ...threeCosts('942.08'), PricingQuantity: '51200', ContractedUnitPrice: '0.0184' },
      { ...threeCosts('155.76885'), PricingQuantity: '8800.5', ContractedUnitPrice: '0.0177' },
    ],
  },
  'CH-23 under retain, usage of a commitment is charged on demand': {
    rows: [OF_PLAN, { ...OF_PLAN, ...costs('10'), CommitmentDiscountStatus: 'Unused' }],
    rules: [],
    ledger: [{ ...threeCosts('9'), CommitmentDiscountId: null, PricingCategory: 'Standard' }],
    commitments: { policy: 'retain' },
  },
  'CH-23 under share of half the benefit, it is 7.50': {
    rows: [OF_PLAN],
    rules: [],
    ledger: [{ BilledCost: '7.5', EffectiveCost: '7.5', ContractedCost: '9' }],
    commitments: { policy: 'share', percent: '50' },
  },
  'under allocate, it is 6 and the 1.50 of the plan that nobody used': {
    rows: [
      { ...OF_PLAN, CommitmentDiscountId: 'sp-own' },
      {
        ...OF_PLAN,
        ...costs('0'),
        EffectiveCost: '1.5',
        CommitmentDiscountId: 'sp-own',
        CommitmentDiscountStatus: 'Unused',
      },
    ],
    rules: [],
    ledger: [{ BilledCost: '7.5', EffectiveCost: '7.5', ContractedCost: '9' }],
    commitments: { policy: 'allocate' },
  },
  [THREE_PERCENT]: {
    rows: [costs('850'), { ...costs('150'), x_IsMarketplace: 'true' }, { ...costs('-50'), ChargeCategory: 'Credit' }],
    rules: [
      {
        type: 'percentage_charge',
        percent: '3',
        filter: { field: 'x_IsMarketplace', op: 'notIn', values: ['true'] },
      },
    ],
    ledger: [
      { ...fourCosts('24'), ChargeCategory: 'Adjustment' },
      { BilledCost: '850' },
      { BilledCost: '150' },
      { BilledCost: '-50' },
    ],
  },
};

describe('The golden examples, from the delivered bill to the customer’s published files', () => {
  let product: Product;
  let customers: ReadonlyMap<string, CustomerId>;
  let summary: Summary;

  beforeAll(async () => {
    product = await openProduct();
    const examples = Object.entries(EXAMPLES);
    customers = await product.configure({
      customers: [
        ...examples.map(([name, { commitments }], index) => ({
          name,
          subAccounts: [accountOf(index)],
          ...(commitments === undefined ? {} : { commitments }),
        })),
        { name: 'no rows', subAccounts: [] },
      ],
      rules: [
        ...examples.flatMap(([name, { rules }]) =>
          rules.map((rule) => ({ name, startDate: '2025-01-01', customers: [name], ...rule })),
        ),
        { ...charge('Onboarding', '300'), customers: ['no rows'] },
        { ...charge('Care', '1.5'), customers: ['no rows'], startDate: '2025-02-10', frequency: 'monthly' },
        { ...charge('Over', '9'), customers: ['no rows'], startDate: '2025-02-10', endDate: '2025-02-28' },
      ],
    });
    await product.connect('golden');
    const rows = examples.flatMap(([, example], index) =>
      example.rows.map((row, at) => billRow({ ...row, SubAccountId: accountOf(index), ResourceId: `r-${at}` })),
    );
    await product.receive('golden', 'march.csv', csvOf(rows));
    summary = await product.published();
  }, 120_000);
  afterAll(() => product?.close());

  const ledgerOf = async (customer: string) => {
    const rows = await publishedRowsOf(product.machine, { table: 'customer_charges', owner: idOf(customer) });
    const place = ({ ResourceId, x_RowId }: TextRow) => `${ResourceId ?? ''} ${x_RowId ?? ''}`;
    return rows.sort((one, other) => (place(one) < place(other) ? -1 : 1));
  };
  const idOf = (customer: string) => customers.get(customer) ?? '';

  test.each(Object.entries(EXAMPLES))('%s', async (name, { ledger }) => {
    const rows = await ledgerOf(name);
    expect(rows).toHaveLength(ledger.length);
    expect(rows).toEqual(ledger.map((row) => expect.objectContaining(row)));
  });

  test('the bill is reconciled, and rows without a list price are counted under the rule that needed one', () => {
    expect(summary.reconciled).toBe(true);
    const name = 'a row of 12.34 without a list price stays 12.34 under list pricing';
    const [run] = summary.runs;
    expect(run?.warnings).toEqual([
      { code: 'cost_missing', column: 'ListCost', rows: 1 },
      { code: 'list_price_missing', rule: name, customer: name, rows: 2 },
    ]);
    const figures = run?.customers.find((customer) => customer.name === name);
    expect(figures?.rules).toEqual([{ name, rows: 2, delta: fourCosts('0') }]);
  });

  test('what a policy gives the partner counts there, what it made of the rest is the customer’s', () => {
    const [run] = summary.runs;
    const retained = run?.customers.find(({ name }) => name.startsWith('CH-23 under retain'));
    expect(retained?.delivered).toEqual({
      rows: 1,
      BilledCost: '0',
      EffectiveCost: '6',
      ListCost: '10',
      ContractedCost: '9',
    });
    expect(retained?.commitments).toEqual({
      rows: 1,
      delta: { BilledCost: '9', EffectiveCost: '3', ListCost: '0', ContractedCost: '0' },
    });
    expect(run?.partner).toMatchObject({ rows: 2, BilledCost: '10', EffectiveCost: '11.5' });
  });

  test('charges are the customer’s whether it has rows or not, beside the run: 300 once and 1.5 a month', async () => {
    const rules = [
      { name: 'Onboarding', rows: 1, delta: fourCosts('300') },
      { name: 'Care', rows: 1, delta: fourCosts('1.5') },
    ];
    expect(summary.additions).toEqual([
      {
        period: '2025-03',
        currency: 'USD',
        customers: [
          {
            name: THREE_PERCENT,
            rows: 1,
            ...fourCosts('24'),
            rules: [{ name: THREE_PERCENT, rows: 1, delta: fourCosts('24') }],
          },
          { name: 'no rows', rows: 2, ...fourCosts('301.5'), rules },
        ],
      },
    ]);
    expect(await ledgerOf('no rows')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...fourCosts('300'),
          ChargeCategory: 'Adjustment',
          ChargeDescription: 'Onboarding',
          ChargeFrequency: 'One-Time',
          ChargePeriodStart: '2025-03-01 00:00:00',
          ChargePeriodEnd: '2025-03-02 00:00:00',
          ServiceName: 'Acme Managed Services',
          SkuId: null,
          ListUnitPrice: null,
        }),
        expect.objectContaining({
          ...fourCosts('1.5'),
          ChargeDescription: 'Care',
          ChargeFrequency: 'Recurring',
          ChargePeriodStart: '2025-03-01 00:00:00',
          ChargePeriodEnd: '2025-04-01 00:00:00',
        }),
      ]),
    );
  });

  test('plus twenty dragged above less ten acts instead: 96', async () => {
    const { body, etag } = await product.api.call(listRules);
    const ids = body.items.map(({ id }) => id);
    const [r1 = 0, r2 = 0] = ['first match, r1', 'first match, r2'].map((name) =>
      body.items.findIndex(({ rule }) => rule.name === name),
    );
    const dragged = ids.map((id, index) => (index === r1 ? ids[r2] : index === r2 ? ids[r1] : id) ?? id);
    await product.api.call(reorderRules, { body: { ruleIds: dragged }, ifMatch: etag ?? '' });
    await product.published();
    const [row] = await ledgerOf('of less ten and then plus twenty, the first acts on 80: 72');
    expect(row).toMatchObject({ ...threeCosts('96'), ListCost: '100' });
  });
});

function charge(name: string, amount: string) {
  return { name, type: 'charge', startDate: '2025-03-01', amount, serviceName: 'Acme Managed Services' };
}

function fourCosts(amount: string) {
  return { BilledCost: amount, EffectiveCost: amount, ListCost: amount, ContractedCost: amount };
}

function accountOf(index: number): string {
  return `0000000000${String(index).padStart(2, '0')}`;
}
