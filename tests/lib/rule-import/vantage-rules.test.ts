import { describe, expect, test } from 'vitest';
import { Day } from '../../../lib/domain/day.ts';
import { ImportRefused } from '../../../lib/rule-import/import-refused.ts';
import { importVantageRules } from '../../../lib/rule-import/vantage/import-billing-rules.ts';

const FROM_MARCH = { customers: 'all', startDate: Day.parse('2025-03-01') } as const;
const imported = (...rules: object[]) => importVantageRules(JSON.stringify({ billing_rules: rules }), FROM_MARCH);

describe('Vantage’s billing rules', () => {
  test('VM-13 an exclusion backs a charge type out, and is refused without one', () => {
    expect(imported({ type: 'exclusion', title: 'No RI fees', charge_type: 'RIFee' }).rules).toEqual([
      {
        name: 'No RI fees',
        type: 'back_out',
        mode: 'remove',
        filter: { field: 'x_ChargeType', op: 'in', values: ['RIFee'] },
        startDate: '2025-03-01',
        customers: 'all',
      },
    ]);
    expect(() => imported({ type: 'exclusion', title: 'X' })).toThrow(/billing_rules\/0\/charge_type/);
  });

  test('VM-14 an adjustment shows a percentage of a service’s data transfer, and is refused without one', () => {
    const rule = { type: 'adjustment', title: 'CDN', service: 'Amazon CloudFront', category: 'Data Transfer' };
    expect(imported({ ...rule, percentage: 75.0 }).rules).toMatchObject([
      {
        type: 'adjustment',
        percentShown: '75',
        filter: {
          all: [
            { field: 'ServiceName', op: 'in', values: ['Amazon CloudFront'] },
            { field: 'x_IsDataTransfer', op: 'in', values: ['true'] },
          ],
        },
      },
    ]);
    expect(() => imported(rule)).toThrow(ImportRefused);
  });

  test('VM-15 an adjustment without service and category is for every row', () => {
    const [rule] = imported({ type: 'adjustment', title: 'All', percentage: '75' }).rules;
    expect(rule).not.toHaveProperty('filter');
  });

  test('VM-16 charges and credits take a positive amount', () => {
    const fee = { title: 'Fee', service: 'Management', amount: 300 };
    expect(imported({ type: 'charge', ...fee }, { type: 'credit', ...fee, category: 'X' }).rules).toMatchObject([
      { type: 'charge', amount: '300', serviceName: 'Management', category: 'MSP Fee', subCategory: 'Fee' },
      { type: 'credit', amount: '300', category: 'X', frequency: 'one_time' },
    ]);
    for (const amount of [0, -300]) {
      expect(() => imported({ type: 'charge', ...fee, amount })).toThrow(/billing_rules\/0\/amount: Enter a positive/);
    }
  });

  test('VM-17 the case of a type does not matter; a type nobody knows is refused', () => {
    expect(imported({ type: 'Exclusion', title: 'A', charge_type: 'Tax' }).rules).toHaveLength(1);
    expect(() => imported({ type: 'surcharge', title: 'A' })).toThrow(ImportRefused);
  });

  test('VM-20 applied to all is for all customers, else for those that the partner names', () => {
    const text = JSON.stringify([{ type: 'exclusion', title: 'A', charge_type: 'Tax', apply_to_all: true }]);
    expect(importVantageRules(text, { ...FROM_MARCH, customers: ['Contoso'] }).rules[0]?.customers).toBe('all');
    expect(
      importVantageRules(text.replace('true', 'false'), { ...FROM_MARCH, customers: ['Contoso'] }).rules[0]?.customers,
    ).toEqual(['Contoso']);
  });

  test('VM-22 a rule in SQL is left out, saying so', () => {
    const { rules, notes } = imported({ type: 'custom', title: 'SQL', sql_query: 'UPDATE costs SET costs.amount = 0' });
    expect(rules).toEqual([]);
    expect(notes).toMatchObject([{ kind: 'left_out', where: 'billing_rules/0 "SQL" (custom)' }]);
  });

  test('VM-23 a rule with no start date begins with the first day of data, a period with its month', () => {
    const rule = { type: 'exclusion', title: 'A', charge_type: 'Tax' };
    const days = imported(rule, { ...rule, start_period: '2024-05' }, { ...rule, start_date: '2024-06-07' }).rules;
    expect(days.map(({ startDate }) => startDate)).toEqual(['2025-03-01', '2024-05-01', '2024-06-07']);
    const nobodySays = importVantageRules(JSON.stringify([rule]), { customers: 'all' });
    expect(nobodySays.notes).toMatchObject([{ kind: 'left_out', what: expect.stringContaining('start date') }]);
  });

  test('a category that FOCUS does not know is left out by name', () => {
    const { notes } = imported({ type: 'adjustment', title: 'A', percentage: 50, category: 'Compute Instance' });
    expect(notes[0]?.what).toContain('Compute Instance');
  });

  test.each(['', '{', '[1]', '{"billing_rules": {}}', 'null', `${'['.repeat(100_000)}`])(
    'a file that is none is refused (%#)',
    (text) => expect(() => importVantageRules(text, FROM_MARCH)).toThrow(ImportRefused),
  );
});
