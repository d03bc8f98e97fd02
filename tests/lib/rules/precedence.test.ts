import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import type { Precedence } from '../../../lib/domain/settings.ts';
import type { StoredRule } from '../../../lib/domain/stored-rule.ts';
import { COST_COLUMNS } from '../../../lib/focus/columns.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { openForRules, type RowOfTest } from './delivered-table.ts';
import { amount, price } from './priced.ts';
import { stored } from './stored.ts';

const ROW: RowOfTest = {
  x_RowId: 'row',
  ServiceName: 'Compute Engine',
  BilledCost: '80',
  EffectiveCost: '80',
  ContractedCost: '80',
  ListCost: '100',
  PricingUnit: 'Hours',
  PricingQuantity: '10',
};
const M5: RowOfTest = {
  x_RowId: 'm5',
  BilledCost: '65.71008',
  EffectiveCost: '65.71008',
  ContractedCost: '65.71008',
  ListCost: '71.424',
};
const rerate = (offsetPercent: string, others = {}) => ({
  type: 'rerate',
  base: 'billed_cost',
  offsetPercent,
  ...others,
});
const toList = (offsetPercent = '0', others = {}) => ({ type: 'adjust_to_list', offsetPercent, ...others });
const rate = (perUnit: string, others = {}) => ({ type: 'fixed_rate', rate: perUnit, pricingUnit: 'Hours', ...others });

describe('Precedence', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  const billed = async (
    precedence: Precedence,
    rules: readonly Readonly<Record<string, unknown>>[],
    row: RowOfTest = ROW,
  ) => {
    const { priced, waterfall } = await price(database, stored(...rules), [row], precedence);
    requireSum(waterfall, priced[0], row);
    return { cost: amount(priced[0], 'x_ChargedBilledCost'), priced: priced[0], waterfall };
  };

  test.each([
    ['BR-18 first_match', 'first_match', '72', '96'],
    ['independent', 'independent', '88', '88'],
    ['sequential', 'sequential', '86.4', '86.4'],
  ] as const)('%s of less ten and plus twenty on 80', async (_, precedence, cost, reversed) => {
    expect((await billed(precedence, [rerate('-10'), rerate('20')])).cost).toBe(cost);
    expect((await billed(precedence, [rerate('20'), rerate('-10')])).cost).toBe(reversed);
  });

  test('sequential: list less fifteen and then a margin of ten is 66.78144, reversed 60.7104', async () => {
    const margin = { type: 'operating_margin', base: 'billed_cost', percent: '10' };
    expect((await billed('sequential', [toList('-15'), margin], M5)).cost).toBe('66.78144');
    expect((await billed('sequential', [margin, toList('-15')], M5)).cost).toBe('60.7104');
  });

  test('sequential: what enters the second rule is rounded to 12 decimals, the last result keeps 18', async () => {
    const third = { ...ROW, BilledCost: '0.000000000001' };
    const { cost, waterfall } = await billed('sequential', [rerate('50'), rerate('50')], third);
    expect(cost).toBe('0.000000000003');
    expect(waterfall.map((row) => amount(row, 'x_BilledCostDelta'))).toEqual(['0.0000000000005', '0.0000000000015']);
    expect((await billed('sequential', [rerate('50')], third)).cost).toBe('0.0000000000015');
  });

  test('sequential: a rule that finds no list price passes on what it received, and is counted', async () => {
    const { cost, waterfall } = await billed('sequential', [rerate('50'), toList(), rerate('100')], {
      ...ROW,
      ListCost: null,
    });
    expect(cost).toBe('240');
    expect(waterfall.map((row) => [amount(row, 'x_BilledCostDelta'), row.x_WarningCode])).toEqual([
      ['40', null],
      ['0', 'list_price_missing'],
      ['120', null],
    ]);
  });

  test.each(['remove', 'zero'])('sequential: a back-out that says %s ends the row', async (mode) => {
    const { priced, waterfall } = await billed('sequential', [rerate('50'), { type: 'back_out', mode }, rerate('100')]);
    expect(priced?.x_Removed).toBe(String(mode === 'remove'));
    expect(waterfall.map((row) => amount(row, 'x_BilledCostDelta'))).toEqual(['40', '-120']);
  });

  test('independent: a back-out excludes all others, the first to remove before any to zero', async () => {
    const rules = [rerate('50'), { type: 'back_out', mode: 'zero' }, { type: 'back_out' }, { type: 'back_out' }];
    const { priced, waterfall } = await billed('independent', rules);
    expect(priced?.x_Removed).toBe('true');
    expect(waterfall.map((row) => [row.x_BillingRuleName, row.x_WarningCode])).toEqual([['Rule 3', null]]);
  });

  test('independent: of rules that set the price the earliest created is used, and each loser is named', async () => {
    const { cost, waterfall } = await billed('independent', [rerate('10'), rate('9'), toList(), rate('1')]);
    expect(cost).toBe('98');
    expect(
      waterfall.map((row) => [row.x_BillingRuleName, row.x_OtherBillingRuleId, row.x_WarningCode, row.x_Applied]),
    ).toEqual([
      ['Rule 1', null, null, 'true'],
      ['Rule 2', null, null, 'true'],
      ['Rule 2', 'rul_000000000003', 'ambiguous_set_rules', 'false'],
      ['Rule 2', 'rul_000000000004', 'ambiguous_set_rules', 'false'],
    ]);
  });

  test('independent: the earliest created is used, whatever the order of the partner; an edit takes nothing of that', async () => {
    const createdOn = (rules: readonly Readonly<Record<string, unknown>>[], days: readonly string[]) =>
      stored(...rules).map((rule, at) => ({ ...rule, createdAt: `2025-01-${days[at]}T00:00:00.000Z` }));
    const used = async (rules: readonly StoredRule[]) => {
      const { waterfall } = await price(database, rules, [ROW], 'independent');
      return waterfall.filter((row) => row.x_Applied === 'true').map((row) => row.x_BillingRuleName);
    };
    const setting = [toList('1'), toList('2'), toList('3'), toList('4')];
    expect(await used(createdOn(setting, ['04', '03', '02', '02']))).toEqual(['Rule 3']);
    expect(await used(createdOn(setting, ['04', '02', '03', '05']))).toEqual(['Rule 2']);
    const edited = createdOn(setting, ['04', '02', '03', '05']).map((rule) =>
      rule.order === 4 ? { ...rule, firstCreatedAt: '2025-01-01T00:00:00.000Z' } : rule,
    );
    expect(await used(edited)).toEqual(['Rule 4']);
    const removing = [rerate('1'), { type: 'back_out' }, { type: 'back_out' }];
    expect(await used(createdOn(removing, ['01', '03', '02']))).toEqual(['Rule 3']);
    const zeroing = removing.map((rule) => ({ ...rule, ...(rule.type === 'back_out' ? { mode: 'zero' } : {}) }));
    expect(await used(createdOn(zeroing, ['01', '03', '02']))).toEqual(['Rule 3']);
    expect(await used(createdOn([...zeroing, { type: 'back_out' }], ['01', '03', '02', '09']))).toEqual(['Rule 4']);
  });

  test('sequential: a back-out ends the rows that it is for, and no others', async () => {
    const elsewhere = { filter: { field: 'ServiceName', op: 'in', values: ['Cloud Storage'] } };
    const rules = [{ type: 'back_out', ...elsewhere }, rerate('50'), { type: 'back_out', mode: 'zero' }, rerate('100')];
    const { waterfall } = await billed('sequential', rules);
    expect(waterfall.map((row) => row.x_BillingRuleName)).toEqual(['Rule 2', 'Rule 3']);
    const other = await billed('sequential', rules, { ...ROW, ServiceName: 'Cloud Storage' });
    expect(other.waterfall.map((row) => row.x_BillingRuleName)).toEqual(['Rule 1']);
  });

  test('independent: the earliest created is used even where it finds the list price missing', async () => {
    const { cost, waterfall } = await billed('independent', [toList(), rate('1')], { ...ROW, ListCost: null });
    expect(cost).toBe('80');
    expect(waterfall.map((row) => row.x_WarningCode).sort()).toEqual(['ambiguous_set_rules', 'list_price_missing']);
  });

  test('independent: a null cost counts as 0 in deltas and stays null where nothing sets it', async () => {
    const empty = { ...ROW, BilledCost: null };
    expect((await billed('independent', [rerate('10')], empty)).cost).toBeNull();
    expect((await billed('independent', [rerate('10'), toList()], empty)).cost).toBe('100');
  });

  test.each(['independent', 'sequential'] as const)(
    '%s: what the tenth rule of a row is, the tenth rule of another row is not: tiers count both, a purchase is seen',
    async (precedence) => {
      const nothing = Array.from({ length: 9 }, (_, at) => rerate('0', { name: `Nothing ${at}` }));
      const tiered = {
        type: 'tiered_rate',
        pricingUnit: 'Hours',
        aggregate: 'customer',
        tiers: [
          { from: '0', rate: '1' },
          { from: '10', rate: '0.5' },
        ],
      };
      const onlyLong = { filter: { field: 'ServiceName', op: 'in', values: ['Compute Engine'] } };
      const rules = stored(...nothing.map((rule) => ({ ...rule, ...onlyLong })), tiered);
      const { priced } = await price(
        database,
        rules,
        [{ ...ROW, x_RowId: 'a', ServiceName: 'Other' }, ROW],
        precedence,
      );
      expect(priced.map((row) => amount(row, 'x_ChargedBilledCost'))).toEqual(['10', '5']);
      const used = { ...ROW, CommitmentDiscountId: 'sp-1', CommitmentDiscountStatus: 'Used' };
      const bought = { ...ROW, x_RowId: 'p', ChargeCategory: 'Purchase', CommitmentDiscountId: 'sp-1' };
      const { waterfall } = await price(database, stored(...nothing, toList()), [used, bought], precedence);
      expect(waterfall.filter(({ x_WarningCode }) => x_WarningCode !== null)).toMatchObject([
        { x_RowId: 'row', x_BillingRuleName: 'Rule 10', x_WarningCode: 'commitment_charged_twice' },
      ]);
    },
  );
});

/** The deltas of a row add up to what became of it, in each cost. */
function requireSum(
  waterfall: readonly Readonly<Record<string, string | null>>[],
  priced: Readonly<Record<string, string | null>> | undefined,
  row: RowOfTest,
): void {
  for (const cost of COST_COLUMNS) {
    const deltas = waterfall.map((step) => step[`x_${cost}Delta`] ?? '0');
    const sum = deltas.reduce((total, delta) => total.plus(delta), new ExactDecimal(row[cost] ?? '0'));
    expect(sum.toFixed(), cost).toBe(new ExactDecimal(priced?.[`x_Charged${cost}`] ?? '0').toFixed());
  }
}
