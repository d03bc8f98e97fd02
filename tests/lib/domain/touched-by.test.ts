import { describe, expect, test } from 'vitest';
import { Assignment } from '../../../lib/domain/assignment.ts';
import { touchedByAssignments, touchedByReorder, touchedByRules } from '../../../lib/domain/touched-by.ts';
import { customerId, ruleOf } from '../ports/ids-of-test.ts';

const NOTHING = { rows: false, additions: false };
const ruleWith = (change: object) => ruleOf(1, change).rule;

describe('What a change of rules touches', () => {
  test('is the days and customers of the version before and of the one after', () => {
    const before = ruleWith({ startDate: '2025-03-01', endDate: '2025-03-31', customers: [customerId(1)] });
    const after = ruleWith({ startDate: '2025-04-01', endDate: '2025-05-31', customers: [customerId(2)] });
    expect(touchedByRules([before, after])).toEqual({
      ...{ from: '2025-03-01', to: '2025-05-31', customers: [customerId(1), customerId(2)] },
      ...{ ownership: false, rows: true, additions: false },
    });
    expect(touchedByRules([before, ruleWith({ customers: 'all' })])).toMatchObject({ to: null, customers: 'all' });
  });

  test('is nothing while a rule is switched off, and its own days when it is switched on', () => {
    const on = ruleWith({ startDate: '2025-03-01' });
    const off = ruleWith({ startDate: '2024-01-01', enabled: false });
    expect(touchedByRules([off])).toMatchObject(NOTHING);
    expect(touchedByRules([off, off])).toMatchObject(NOTHING);
    expect(touchedByRules([off, on])).toMatchObject({ from: '2025-03-01', rows: true });
  });

  test('is what a month is charged beside its rows, for a charge', () => {
    const charge = ruleWith({ type: 'charge', amount: '5', serviceName: 'Support' });
    expect(touchedByRules([charge])).toMatchObject({ rows: false, additions: true });
  });

  test('in another order is only what moved: rules before and after keep their place', () => {
    const rules = [1, 2, 3, 4, 5].map((number) =>
      ruleOf(number, { startDate: `2025-0${number}-01`, endDate: `2025-0${number}-28`, enabled: number !== 5 }),
    );
    const order = (...numbers: number[]) =>
      touchedByReorder(
        rules,
        numbers.map((number) => ruleOf(number).id),
      );
    expect(order(1, 2, 3, 4, 5)).toMatchObject(NOTHING);
    expect(order(5, 1, 2, 3, 4)).toMatchObject(NOTHING);
    expect(order(1, 3, 2, 4, 5)).toMatchObject({ from: '2025-02-01', to: '2025-03-28', rows: true });
    expect(order(4, 2, 3, 1, 5)).toMatchObject({ from: '2025-01-01', to: '2025-04-28' });
  });
});

describe('What a change of owners touches', () => {
  const owned = (...ranges: [owner: string, from: string | null, to: string | null][]) =>
    Assignment.parse({
      ...{ subAccountId: 'a', provider: null, version: 1 },
      ranges: ranges.map(([owner, from, to]) => ({ owner, from, to })),
    });
  const [one, two] = [customerId(1), customerId(2)];

  test('is the days on which the owner is another one, and nothing where it is the same', () => {
    const before = owned([one, '2025-01-01', null]);
    const change = (after: Assignment) => touchedByAssignments([{ before, after }]);
    expect(change(owned([one, '2025-01-01', '2025-03-01'], [two, '2025-03-01', null]))).toEqual({
      ...{ from: '2025-03-01', to: null, customers: [one, two], ownership: true, rows: true, additions: false },
    });
    expect(change(owned([one, null, null]))).toMatchObject({ from: null, to: '2024-12-31', customers: [one] });
    expect(change(owned([one, '2025-01-01', '2025-02-01'], [one, '2025-02-01', null]))).toMatchObject(NOTHING);
    expect(change(owned(['partner', '2025-01-01', null]))).toMatchObject({ from: '2025-01-01', customers: [one] });
  });

  test('is all its days where it had no owner before', () => {
    const after = owned([two, '2025-03-10', '2025-03-21']);
    expect(touchedByAssignments([{ before: undefined, after }])).toMatchObject({
      ...{ from: '2025-03-10', to: '2025-03-20', customers: [two], ownership: true },
    });
  });
});
