import { describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import {
  additionsChangedSince,
  type ConfigHistory,
  joinedHistory,
  NO_HISTORY,
  rowsChangedSince,
  storedChange,
} from '../../../lib/domain/config-history.ts';
import { Day } from '../../../lib/domain/day.ts';
import type { Touched } from '../../../lib/domain/touched.ts';
import { customerId } from '../ports/ids-of-test.ts';

const day = (text: string) => Day.parse(text);
const touched = (change: Partial<Touched> = {}): Touched => ({
  ...{ from: null, to: null, customers: 'all', ownership: false, rows: true, additions: false },
  ...change,
});
const [one, two] = [customerId(1), customerId(2)];
/** A March bill with two rows of February, of customer 1 and of nobody. */
const march = {
  days: { first: day('2025-02-27'), last: day('2025-03-31') },
  owners: [one, 'unassigned'],
};
const historyOf = (...changes: Touched[]): ConfigHistory => ({
  revision: changes.length,
  changes: changes.map(storedChange),
});

describe('A published bill after a change of configuration', () => {
  test.each([
    ['of all customers on all days', {}, true],
    ['that ends the day before its first charge', { to: day('2025-02-26') }, false],
    ['of the month before that ends on the day of its first charge', { to: day('2025-02-27') }, true],
    ['that begins on its last day', { from: day('2025-03-31') }, true],
    ['that begins on the day after', { from: day('2025-04-01') }, false],
    ['of a customer it has rows of', { customers: [two, one] }, true],
    ['of a customer it has no row of', { customers: [two] }, false],
    ['of owners, to a customer it has no row of yet', { customers: [two], ownership: true }, true],
    ['of owners on other days', { customers: [one], ownership: true, from: day('2025-04-01') }, false],
    ['of charges alone', { rows: false, additions: true }, false],
  ])('%s: is behind %j: %j', (_, change, behind) => {
    const history = historyOf(touched(change));
    expect(rowsChangedSince(history, 0, march)).toBe(behind);
    expect(rowsChangedSince(history, 1, march)).toBe(false);
  });

  test('is behind where it is not known what a change touched, or what days the bill has', () => {
    const unknown = { revision: 5, changes: [storedChange(touched({ customers: [two] }))] };
    expect(rowsChangedSince(unknown, 3, march)).toBe(true);
    expect(rowsChangedSince(unknown, 4, march)).toBe(false);
    const later = historyOf(touched({ from: day('2026-01-01') }));
    expect(rowsChangedSince(later, 0, { owners: [one] })).toBe(true);
    expect(rowsChangedSince(later, 0, march)).toBe(false);
  });

  test('is not behind where it has no rows, or none of any customer’s', () => {
    const all = historyOf(touched({ ownership: true }));
    expect(rowsChangedSince(all, 0, { days: null, owners: [] })).toBe(false);
    const unowned = { ...march, owners: ['unassigned', 'partner'] };
    expect(rowsChangedSince(historyOf(touched()), 0, unowned)).toBe(false);
    expect(rowsChangedSince(all, 0, unowned)).toBe(true);
  });

  test('has additions that only changes of charges in its month touch', () => {
    const period = BillingPeriod.parse('2025-03');
    const charge = { rows: false, additions: true };
    const behind = (change: Partial<Touched>) => additionsChangedSince(historyOf(touched(change)), 0, period);
    expect(behind({})).toBe(false);
    expect(behind({ ...charge, from: day('2025-03-31') })).toBe(true);
    expect(behind({ ...charge, from: day('2025-04-01') })).toBe(false);
    expect(behind({ ...charge, to: day('2025-03-01') })).toBe(true);
  });
});

describe('A history of many changes', () => {
  /** What the store does after every change. */
  const followedBy = (history: ConfigHistory, change: Touched): ConfigHistory => {
    const next = { revision: history.revision + 1, changes: [...history.changes, storedChange(change)] };
    return joinedHistory(next) ?? next;
  };

  test('stays small, and a bill that none of them touches is never priced again', () => {
    let history = NO_HISTORY;
    for (let number = 0; number < 1000; number += 1)
      history = followedBy(history, touched({ from: day('2025-05-01'), customers: number % 3 ? [one] : [two] }));
    expect(history.revision).toBe(1000);
    expect(history.changes.length).toBeLessThanOrEqual(64);
    expect(rowsChangedSince(history, 0, march)).toBe(false);
    const may = { days: { first: day('2025-05-01'), last: day('2025-05-31') }, owners: [one] };
    expect(rowsChangedSince(history, 0, may)).toBe(true);
    expect(rowsChangedSince(history, 998, may)).toBe(true);
    expect(rowsChangedSince(history, 999, may)).toBe(false);
  });

  test('forgets no change that touches a bill, whatever it is joined with', () => {
    for (let place = 0; place < 200; place += 7) {
      let history = NO_HISTORY;
      for (let number = 0; number < 200; number += 1) {
        const from = day(`20${30 + (number % 60)}-01-01`);
        history = followedBy(history, number === place ? touched({ to: day('2025-03-01') }) : touched({ from }));
      }
      for (let since = 0; since <= place; since += 1) expect(rowsChangedSince(history, since, march)).toBe(true);
      expect(rowsChangedSince(history, 200, march)).toBe(false);
    }
  });

  test('names many customers as all of them', () => {
    const many = Array.from({ length: 26 }, (_, number) => customerId(number));
    expect(storedChange(touched({ customers: many })).touched.customers).toBe('all');
    expect(storedChange(touched({ customers: many.slice(1) })).touched.customers).toHaveLength(25);
  });
});
