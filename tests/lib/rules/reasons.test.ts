import { describe, expect, test } from 'vitest';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import type { Precedence } from '../../../lib/domain/settings.ts';
import { rowRulesInOrder } from '../../../lib/rules/compile-rules.ts';
import { explainEffect } from '../../../lib/rules/explain-effect.ts';
import { explainVerdict } from '../../../lib/rules/explain-verdict.ts';
import { inOrderOfCreation } from '../../../lib/rules/matched.ts';
import { judgeRules } from '../../../lib/rules/verdict.ts';
import { CONTOSO, FABRIKAM, inMemory, type RowOfTest } from './delivered-table.ts';
import { stored } from './stored.ts';

const USAGE: RowOfTest = {
  ServiceName: 'Compute Engine',
  BilledCost: '80',
  ListCost: '100',
  PricingUnit: 'Hours',
  PricingQuantity: '10',
  Tags: { env: 'prod' },
};
const rerate = (others = {}) => ({ type: 'rerate', base: 'billed_cost', offsetPercent: '-10', ...others });
const toList = (others = {}) => ({ type: 'adjust_to_list', ...others });
const backOut = (mode: string, others = {}) => ({ type: 'back_out', mode, ...others });
const is = (ServiceName: string) => ({ field: 'ServiceName', op: 'in', values: [ServiceName] });

/** What is said of each rule on a row: `applied`, or why not. */
function said(
  rules: readonly Readonly<Record<string, unknown>>[],
  { precedence = 'first_match', row = USAGE }: { precedence?: Precedence; row?: RowOfTest } = {},
): readonly string[] {
  const delivered = inMemory(row);
  return judgeRules(rowRulesInOrder(stored(...rules)), delivered, precedence).map(({ stored: { rule }, verdict }) =>
    verdict.kind === 'applied' ? 'applied' : explainVerdict(verdict, { rule, row: delivered }),
  );
}

/** What a rule makes of a row that the stage before left at 64. */
function effect(wire: Readonly<Record<string, unknown>>, row = USAGE): string {
  const words = rowRulesInOrder(stored(wire)).map(({ rule }) =>
    explainEffect(rule, { before: new ExactDecimal('64'), row: inMemory(row) }),
  );
  return words.join();
}

describe('Why a rule was not applied to a row', () => {
  test('is its customers first, then its days, then its kind of row, then its filter', () => {
    const filter = is('Cloud Storage');
    const rate = { type: 'fixed_rate', rate: '1', pricingUnit: 'GB', startDate: '2025-03-11', filter };
    expect(said([{ ...rate, customers: [FABRIKAM] }])).toEqual(['not for this customer']);
    expect(said([{ ...rate, customers: [CONTOSO] }])).toEqual([
      'the charge starts on 2025-03-10, the rule is from 2025-03-11 on',
    ]);
    expect(said([{ ...rate, startDate: '2025-03-10' }])).toEqual([
      'fixed_rate leaves such a row alone (ChargeCategory Usage, PricingUnit Hours)',
    ]);
    expect(said([{ ...rate, startDate: '2025-03-10', pricingUnit: 'Hours' }])).toEqual([
      'the filter does not match: ServiceName is "Cloud Storage", and it is "Compute Engine"',
    ]);
    expect(said([{ ...rate, startDate: '2025-03-10', pricingUnit: 'Hours', filter: is('Compute Engine') }])).toEqual([
      'applied',
    ]);
  });

  test('is the day after its last, and not its last', () => {
    expect(said([rerate({ endDate: '2025-03-09' })])).toEqual([
      'the charge starts on 2025-03-10, the rule is from 2025-01-01 to 2025-03-09',
    ]);
    expect(said([rerate({ endDate: '2025-03-10' })])).toEqual(['applied']);
  });

  test('names a unit and a category that the row does not give', () => {
    const row = { ...USAGE, PricingUnit: null, ChargeCategory: null };
    expect(said([{ type: 'fixed_rate', rate: '1', pricingUnit: 'GB' }], { row })).toEqual([
      'fixed_rate leaves such a row alone (ChargeCategory not given, PricingUnit not given)',
    ]);
  });

  test('is every test of the filter that decides, the first five in words', () => {
    const tag = (key: string) => ({ field: 'Tags', key, op: 'exists' });
    const lacking = (count: number) => ({
      any: Array.from({ length: count }, (_, at) => tag(`t${at}`)),
    });
    const five = [0, 1, 2, 3, 4].map((at) => `tag t${at} is given, and it is not given`).join('; ');
    expect(said([rerate({ filter: lacking(5) })])).toEqual([`the filter does not match: ${five}`]);
    expect(said([rerate({ filter: lacking(7) })])).toEqual([`the filter does not match: ${five}; and 2 tests more`]);
    expect(said([rerate({ filter: { all: [tag('env'), tag('team')] } })])).toEqual([
      'the filter does not match: tag team is given, and it is not given',
    ]);
    expect(said([rerate({ filter: { not: { all: [tag('env'), is('Compute Engine')] } } })])).toEqual([
      'the filter does not match: not (tag env is given), and it is "prod"; not (ServiceName is "Compute Engine"), and it is "Compute Engine"',
    ]);
    expect(said([rerate({ filter: { not: { any: [tag('env'), tag('team')] } } })])).toEqual([
      'the filter does not match: not (tag env is given), and it is "prod"',
    ]);
    const notNot = { not: { not: tag('team') } };
    for (const Tags of [{ env: 'prod' }, null])
      expect(said([rerate({ filter: notNot })], { row: { ...USAGE, Tags } })).toEqual([
        'the filter does not match: tag team is given, and it is not given',
      ]);
    expect(said([rerate({ filter: { any: [tag('team'), tag('env')] } })])).toEqual(['applied']);
  });
});

describe('Tax', () => {
  const leaf = (field: string, op: string, values: readonly string[]) => ({ field, op, values });
  const named = leaf('ChargeCategory', 'in', ['Usage', 'Tax']);
  test.each([
    ['no filter', undefined, false],
    ['its name in a filter', named, true],
    ['its name beside another test', { all: [leaf('ServiceName', 'in', ['Compute Engine']), named] }, true],
    ['its name below a not', { not: named }, false],
    ['its name as another column’s', leaf('ServiceName', 'in', ['Tax', 'Compute Engine']), false],
    ['another test of the category', leaf('ChargeCategory', 'startsWith', ['Tax']), false],
    ['other names of the category', leaf('ChargeCategory', 'in', ['Usage']), false],
  ])('with %s is priced: %s', (_, filter, isPriced) => {
    const [why] = said([rerate({ filter })], { row: { ...USAGE, ChargeCategory: 'Tax' } });
    expect(why === 'applied').toBe(isPriced);
  });
});

describe('The rule that keeps another from acting', () => {
  const by = (order: number) => `it would apply, but rule ${order}, “Rule ${order}”, comes before it`;

  test('is the first applicable one, under first_match', () => {
    expect(said([rerate({ customers: [FABRIKAM] }), rerate(), toList(), backOut('remove')])).toEqual([
      'not for this customer',
      'applied',
      by(2),
      by(2),
    ]);
  });

  test('comes first in the partner’s order, however rules were read', () => {
    const rules = stored(rerate(), toList(), backOut('zero'));
    const read = [2, 0, 1].flatMap((at) => rules.slice(at, at + 1));
    const judged = judgeRules(rowRulesInOrder(read), inMemory(USAGE), 'first_match');
    expect(judged.map(({ stored: { order }, verdict }) => [order, verdict.kind])).toEqual([
      [1, 'applied'],
      [2, 'shadowed'],
      [3, 'shadowed'],
    ]);
  });

  test('is the earliest created, whatever the order of the partner: the first version counts, then the order', () => {
    const days = ['2025-01-03', '2025-01-02', '2025-01-04', '2025-01-02'];
    const rules = stored(toList(), toList(), toList(), toList()).map((rule, at) => ({
      ...rule,
      createdAt: `${days[at]}T00:00:00.000Z`,
      ...(at === 2 ? { firstCreatedAt: '2025-01-01T00:00:00.000Z' } : {}),
    }));
    const usedOf = (given: typeof rules) =>
      judgeRules(rowRulesInOrder(given), inMemory(USAGE), 'independent')
        .filter(({ verdict }) => verdict.kind === 'applied')
        .map(({ stored: { order } }) => order);
    expect(usedOf(rules)).toEqual([3]);
    expect(usedOf(rules.filter(({ order }) => order !== 3))).toEqual([2]);
    expect(inOrderOfCreation(rowRulesInOrder(rules.toReversed())).map(({ order }) => order)).toEqual([3, 2, 4, 1]);
    expect(inOrderOfCreation(rowRulesInOrder(rules).toReversed()).map(({ order }) => order)).toEqual([3, 2, 4, 1]);
  });

  test('is the back-out, under independent: one that removes before one at zero, else the earliest created', () => {
    const precedence = 'independent';
    expect(said([rerate(), backOut('zero'), backOut('remove'), toList()], { precedence })).toEqual([
      by(3),
      by(3),
      'applied',
      by(3),
    ]);
    expect(said([rerate(), backOut('zero'), backOut('zero')], { precedence })).toEqual([by(2), 'applied', by(2)]);
  });

  test('is the earliest created that sets the price, under independent; rules that change it all act', () => {
    expect(said([rerate(), toList(), rerate(), toList()], { precedence: 'independent' })).toEqual([
      'applied',
      'applied',
      'applied',
      by(2),
    ]);
  });

  test('is the first back-out for all that come later, under sequential', () => {
    expect(
      said([rerate(), toList(), backOut('zero'), rerate(), backOut('remove')], { precedence: 'sequential' }),
    ).toEqual(['applied', 'applied', 'applied', by(3), by(3)]);
    expect(said([rerate(), toList(), toList()], { precedence: 'sequential' })).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
  });
});

describe('What a rule made of an amount, in numbers', () => {
  test.each([
    [{ type: 'adjust_to_list', offsetPercent: '-15' }, 'ListCost 100 × 0.85'],
    [{ type: 'rerate', base: 'billed_cost', offsetPercent: '-10' }, '64 × 0.9'],
    [{ type: 'rerate', base: 'list_cost', offsetPercent: '-10' }, '64 + ListCost 100 × -0.1'],
    [{ type: 'operating_margin', base: 'billed_cost', percent: '10' }, '64 × 1.1'],
    [{ type: 'back_out', mode: 'remove' }, 'the row is left out'],
    [{ type: 'back_out', mode: 'zero' }, 'all costs are 0'],
    [{ type: 'adjustment', percentShown: '50' }, '64 × 0.5'],
    [{ type: 'fixed_rate', rate: '0.25', pricingUnit: 'Hours' }, '0.25 × 10 Hours'],
    [
      { type: 'tiered_rate', tiers: [{ from: '0', rate: '1' }], pricingUnit: 'Hours', aggregate: 'customer' },
      '10 Hours at the tiers that the customer’s rows before it have left',
    ],
    [
      { type: 'tiered_rate', tiers: [{ from: '0', rate: '1' }], pricingUnit: 'Hours', aggregate: 'sub_account' },
      '10 Hours at the tiers that the sub account’s rows before it have left',
    ],
  ])('%j', (wire, words) => {
    expect(effect(wire)).toBe(words);
  });

  test('says that a list price is missing', () => {
    expect(effect({ type: 'adjust_to_list' }, { ...USAGE, ListCost: null })).toBe('ListCost missing × 1');
  });
});
