import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AddedRow } from './additions.ts';
import type { AMOUNTS, DeliveredRow } from './bill.ts';
import { fixed, plain, sumOf } from './fixed.ts';
import { type Priced, priceBill, type Scene, statementLine } from './price-bill.ts';
import { type PricedRow, totalOf } from './price-rows.ts';
import type { Rule } from './rule.ts';

/** *m5.large, 744 h* of `pricing.md` §9. */
const M5: DeliveredRow = {
  ...{ x_RowId: 'm5', SubAccountId: 'sub-a', ChargeCategory: 'Usage', BillingCurrency: 'USD' },
  ...{ ChargePeriodStart: '2025-03-10T00:00:00.000Z', ChargePeriodEnd: '2025-03-11T00:00:00.000Z' },
  ...{ BilledCost: '65.71008', EffectiveCost: '65.71008', ContractedCost: '65.71008', ListCost: '71.424' },
  ...{ ContractedUnitPrice: '0.08832', ListUnitPrice: '0.096', PricingQuantity: '744', PricingUnit: 'Hours' },
};

const SCENE: Scene = {
  rows: [M5],
  rules: [],
  precedence: 'first_match',
  assignments: [
    { subAccountId: 'sub-a', owner: 'A' },
    { subAccountId: 'sub-a2', owner: 'A' },
    { subAccountId: 'sub-b', owner: 'B' },
    { subAccountId: 'sub-p', owner: 'partner' },
  ],
  customers: ['A', 'B'],
  commitments: { policy: 'pass_through' },
  period: '2025-03',
  currency: 'USD',
};

type RuleOfTest = { readonly type: Rule['type'] } & Readonly<Record<string, unknown>>;

function rules(...given: readonly RuleOfTest[]): readonly Rule[] {
  return given.map(
    (rule, at) =>
      ({
        ...{ name: `Rule ${at + 1}`, startDate: '2025-01-01', customers: 'all' },
        ...{ id: `rul_${at + 1}`, version: 1, order: at + 1, created: at + 1 },
        ...rule,
      }) as unknown as Rule,
  );
}

function priced(scene: Partial<Scene>): Priced {
  return priceBill({ ...SCENE, ...scene });
}

function text(row: PricedRow | undefined, name: (typeof AMOUNTS)[number]): string | null {
  const value = row === undefined ? null : totalOf(row.pieces)[name];
  return value === null ? null : plain(value);
}

/** BilledCost of the only row under the only rule. */
function billed(row: Partial<DeliveredRow>, ...given: readonly RuleOfTest[]): string | null {
  return text(priced({ rows: [{ ...M5, ...row }], rules: rules(...given) }).rows[0], 'BilledCost');
}

function flat(amount: string, others: Partial<DeliveredRow> = {}): DeliveredRow {
  const costs = { BilledCost: amount, EffectiveCost: amount, ContractedCost: amount, ListCost: amount };
  return { ...M5, ...costs, ...others };
}

const atList = (offsetPercent: string): RuleOfTest => ({ type: 'adjust_to_list', offsetPercent });
const rerate = (base: string, offsetPercent: string): RuleOfTest => ({ type: 'rerate', base, offsetPercent });
const margin = (base: string, percent: string): RuleOfTest => ({ type: 'operating_margin', base, percent });
const credit = (amount: string) => flat(amount, { ChargeCategory: 'Credit' });

describe('The oracle on the golden examples of pricing.md §9', () => {
  test.each([
    ['adjust_to_list 0', {}, atList('0'), '71.424'],
    ['adjust_to_list +10', {}, atList('10'), '78.5664'],
    ['adjust_to_list −5', {}, atList('-5'), '67.8528'],
    ['rerate billed +5', {}, rerate('billed_cost', '5'), '68.995584'],
    ['rerate list −15', {}, rerate('list_cost', '-15'), '54.99648'],
    ['operating_margin billed 12 on 250', flat('250'), margin('billed_cost', '12'), '280'],
    ['operating_margin billed 12 on refund −40', flat('-40'), margin('billed_cost', '12'), '-44.8'],
    ['list missing, B 12.34', { BilledCost: '12.34', ListCost: null }, atList('0'), '12.34'],
    ['operating_margin absolute_credits 10 on −30', credit('-30'), margin('absolute_credits', '10'), '-27'],
    ['operating_margin absolute_credits 100 on −30', credit('-30'), margin('absolute_credits', '100'), '0'],
    ['operating_margin absolute_credits 120 on −30', credit('-30'), margin('absolute_credits', '120'), '0'],
    ['rerate absolute_credits +10 on −5', credit('-5'), rerate('absolute_credits', '10'), '-5.5'],
    ['adjustment 75 on 200', flat('200'), { type: 'adjustment', percentShown: '75' } as RuleOfTest, '150'],
  ] as const)('%s', (_name, row, rule, expected) => expect(billed(row, rule)).toBe(expected));

  test('a refund of 10 h at list plus ten is −1.056, its CU 0.1056, its ListCost −0.96', () => {
    const refund = { ...M5, PricingQuantity: '-10', BilledCost: '-0.8832', ListCost: '-0.96' };
    const [row] = priced({ rows: [refund], rules: rules(atList('10')) }).rows;
    const found = ['BilledCost', 'ContractedUnitPrice', 'ListCost'].map((name) => text(row, name as 'BilledCost'));
    expect(found).toEqual(['-1.056', '0.1056', '-0.96']);
  });

  test('a missing list price is counted under its rule', () => {
    const { warnings } = priced({ rows: [{ ...M5, ListCost: null }], rules: rules(atList('0')) });
    expect(warnings).toEqual([{ code: 'list_price_missing', customer: 'A', rule: 'rul_1', otherRule: null, rows: 1 }]);
  });

  test('fixed_rate 0.25 × 744 h is 186 and leaves the list cost', () => {
    const [row] = priced({ rules: rules({ type: 'fixed_rate', rate: '0.25', pricingUnit: 'Hours' }) }).rows;
    expect([text(row, 'BilledCost'), text(row, 'ListCost'), text(row, 'ContractedUnitPrice')]).toEqual([
      '186',
      '71.424',
      '0.25',
    ]);
  });

  test('percentage_charge 3 on (1000 − marketplace 150 − credits 50) is 24', () => {
    const rows = [
      flat('850', { x_RowId: '1', x_IsMarketplace: 'false' }),
      flat('150', { x_RowId: '2', x_IsMarketplace: 'true' }),
      flat('-50', { x_RowId: '3', ChargeCategory: 'Credit' }),
    ];
    const filter = { field: 'x_IsMarketplace', op: 'notIn', values: ['true'] };
    const { additions } = priced({ rows, rules: rules({ type: 'percentage_charge', percent: '3', filter }) });
    expect(amountsFor(additions)).toEqual(['A 24']);
  });

  test.each([
    ['12345.67', '1164.1969'],
    ['500', '100'],
  ])('percentage_charge in tiers with a minimum of 100: %s pays %s', (spent, expected) => {
    const tiers = [
      { upTo: '10000', percent: '10' },
      { upTo: '80000', percent: '7' },
      { upTo: '250000', percent: '5' },
      { percent: '3' },
    ];
    const rule = { type: 'percentage_charge' as const, tiers, minimum: '100' };
    expect(amountsFor(priced({ rows: [flat(spent)], rules: rules(rule) }).additions)).toEqual([`A ${expected}`]);
  });

  test.each([
    ['first_match', ['-10', '20'], '72'],
    ['first_match', ['20', '-10'], '96'],
    ['independent', ['-10', '20'], '88'],
    ['sequential', ['-10', '20'], '86.4'],
  ] as const)('precedence %s, rules %j: 80 becomes %s', (precedence, offsets, expected) => {
    const given = rules(...offsets.map((offset) => rerate('billed_cost', offset)));
    const { rows } = priced({ rows: [flat('80', { ListCost: '100' })], rules: given, precedence });
    expect(text(rows[0], 'BilledCost')).toBe(expected);
  });

  test.each([
    [[atList('-15'), margin('billed_cost', '10')], '66.78144'],
    [[margin('billed_cost', '10'), atList('-15')], '60.7104'],
  ])('sequential on the m5 row: %j gives %s', (given, expected) => {
    const { rows } = priced({ rules: rules(...given), precedence: 'sequential' });
    expect(text(rows[0], 'BilledCost')).toBe(expected);
  });

  test.each([
    [{ field: 'ChargeCategory', op: 'in', values: ['Credit', 'Tax'] }, '100'],
    [undefined, '77'],
  ])('back-out of discount and %j leaves %s', (others, expected) => {
    const rows = [
      flat('100', { x_RowId: '1', x_ChargeType: 'Usage' }),
      flat('-30', { x_RowId: '2', ChargeCategory: 'Credit' }),
      flat('7', { x_RowId: '3', ChargeCategory: 'Tax' }),
      flat('-5', { x_RowId: '4', ChargeCategory: 'Credit', x_ChargeType: 'DistributorDiscount' }),
    ];
    const discount = { field: 'x_ChargeType', op: 'in', values: ['DistributorDiscount'] };
    const filter = { any: [discount, ...(others === undefined ? [] : [others])] };
    const left = priced({ rows, rules: rules({ type: 'back_out', filter }) }).rows.filter(
      ({ isRemoved }) => !isRemoved,
    );
    expect(plain(sumOf(left.map(({ pieces }) => totalOf(pieces).BilledCost)))).toBe(expected);
  });

  test.each([
    ['2025-02-28T23:00:00.000Z', '100'],
    ['2025-03-01T00:00:00.000Z', '200'],
    ['2025-03-31T23:00:00.000Z', '200'],
    ['2025-04-01T00:00:00.000Z', '100'],
    ['2025-03-31T00:00:00.000Z', '200'],
  ])('a rule for March: a row from %s is charged %s', (ChargePeriodStart, expected) => {
    const dates = { startDate: '2025-03-01', endDate: '2025-03-31' };
    expect(billed(flat('100', { ChargePeriodStart }), { ...rerate('billed_cost', '100'), ...dates })).toBe(expected);
  });

  describe('tiers [0 → 0.0184, 51,200 → 0.0177]', () => {
    const tiers = [
      { from: '0', rate: '0.0184' },
      { from: '51200', rate: '0.0177' },
    ];
    const rule = (aggregate: string) => ({ type: 'tiered_rate' as const, tiers, pricingUnit: 'GB', aggregate });
    const gigabytes = (PricingQuantity: string, others: Partial<DeliveredRow> = {}) =>
      flat('1', { PricingUnit: 'GB', PricingQuantity, ...others });

    test('60,000.5 is cut in two rows and costs 1,097.84885', () => {
      const [row] = priced({ rows: [gigabytes('60000.5')], rules: rules(rule('customer')) }).rows;
      expect(text(row, 'BilledCost')).toBe('1097.84885');
      expect(row?.pieces.map(({ quantity }) => plain(quantity ?? 0n))).toEqual(['51200', '8800.5']);
      expect(text(row, 'ListCost')).toBe('1');
    });

    test('exactly 51,200 is one row of 942.08', () => {
      const [row] = priced({ rows: [gigabytes('51200')], rules: rules(rule('customer')) }).rows;
      expect([text(row, 'BilledCost'), row?.pieces.length]).toEqual(['942.08', 1]);
    });

    test.each([
      ['sub_account', '1104.0092'],
      ['customer', '1097.84885'],
    ])('two sub accounts with 40,000 + 20,000.5, counted per %s: %s', (aggregate, expected) => {
      const rows = [
        gigabytes('40000', { x_RowId: '1' }),
        gigabytes('20000.5', { x_RowId: '2', SubAccountId: 'sub-a2' }),
      ];
      const found = priced({ rows, rules: rules(rule(aggregate)) }).rows;
      expect(plain(sumOf(found.map(({ pieces }) => totalOf(pieces).BilledCost)))).toBe(expected);
    });

    test('a refund goes back down the tiers', () => {
      const rows = [
        gigabytes('60000.5', { x_RowId: '1' }),
        gigabytes('-60000.5', { x_RowId: '2', ChargePeriodStart: '2025-03-11T00:00:00.000Z' }),
      ];
      const [, refund] = priced({ rows, rules: rules(rule('customer')) }).rows;
      expect(text(refund, 'BilledCost')).toBe('-1097.84885');
      expect(refund?.pieces.map(({ quantity }) => plain(quantity ?? 0n))).toEqual(['-8800.5', '-51200']);
    });
  });

  test.each([
    ['1.005', '1.01'],
    ['-1.005', '-1.01'],
  ])('a statement line of %s is %s', (exact, expected) => {
    expect(plain(statementLine(fixed(exact), 2))).toBe(expected);
  });

  describe('a shared savings plan of 10.00 per hour', () => {
    const plan = { CommitmentDiscountId: 'plan', PricingCategory: 'Committed' };
    const used = (x_RowId: string, SubAccountId: string, onDemand: string, effective: string): DeliveredRow => ({
      ...flat(onDemand, { x_RowId, SubAccountId, ...plan, CommitmentDiscountStatus: 'Used' }),
      BilledCost: '0',
      EffectiveCost: effective,
    });
    const unused = flat('0', { x_RowId: '3', SubAccountId: 'sub-p', ...plan, CommitmentDiscountStatus: 'Unused' });
    const rows = [used('1', 'sub-a', '9', '6'), used('2', 'sub-b', '3.6', '2.5'), { ...unused, EffectiveCost: '1.5' }];
    const charges = (commitments: Scene['commitments']) =>
      priced({ rows, commitments }).rows.map((row) => text(row, 'BilledCost'));

    test('retain: A 9.00, B 3.60, the partner keeps 2.60', () => {
      expect(charges({ policy: 'retain' }).slice(0, 2)).toEqual(['9', '3.6']);
    });

    test('share 50 %: A 7.50, B 3.05', () => {
      expect(charges({ policy: 'share', percent: '50' }).slice(0, 2)).toEqual(['7.5', '3.05']);
    });

    test('allocate: A 120/17, B 50/17, in all exactly 10', () => {
      expect(charges({ policy: 'allocate' }).slice(0, 2)).toEqual(['7.058823529412', '2.941176470588']);
    });
  });
});

describe('The oracle', () => {
  test('takes nothing of the product but types', () => {
    const files = globSync('tests/oracle/*.ts').filter((file) => ORACLE.includes(file.split('/').at(-1) ?? ''));
    expect(files).toHaveLength(ORACLE.length);
    for (const file of files)
      for (const [line, , from = ''] of readFileSync(file, 'utf8').matchAll(
        /^import (type )?[^;]*? from '([^']+)';/gm,
      )) {
        if (line.startsWith('import type ') && from.startsWith('../../lib/domain/')) continue;
        expect(
          ORACLE.map((name) => `./${name}`),
          `${file}: ${line}`,
        ).toContain(from);
      }
  });
});

/** The files of the oracle itself; the others of this folder hold the product against it. */
const ORACLE = [
  ...['additions.ts', 'applicable.ts', 'bill.ts', 'commitments.ts', 'filter.ts', 'fixed.ts', 'meaning.ts', 'owners.ts'],
  ...['precedence.ts', 'price-bill.ts', 'price-rows.ts', 'rule.ts', 'tiers.ts', 'warnings.ts'],
];

function amountsFor(additions: readonly AddedRow[]): readonly string[] {
  return additions.map(({ customer, amount }) => `${customer} ${plain(amount)}`);
}
