import { describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { flatRows, flatRulesInOrder } from '../../../lib/rules/added-rows.ts';
import { stored } from './stored.ts';

const charge = { type: 'charge', amount: '10', serviceName: 'Managed Services' };
const customers = ['cus_contoso00000', 'cus_fabrikam0000'].map((id) =>
  CustomerTenant.parse({ id, name: id, createdAt: '2025-01-01T00:00:00Z', version: 1 }),
);

/** Periods of the first half of the year in which a rule adds a row. */
function periodsOf(rule: Readonly<Record<string, unknown>>): string[] {
  const [adding] = flatRulesInOrder(stored({ ...charge, ...rule }));
  return ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05'].filter(
    (month) =>
      adding !== undefined &&
      flatRows(adding, { period: BillingPeriod.parse(month), customers, currency: 'USD' }).length > 0,
  );
}

describe('A charge', () => {
  test('is due once, in the month of its start day', () =>
    expect(periodsOf({ startDate: '2025-02-28', endDate: '2025-04-30' })).toEqual(['2025-02']));

  test('every month is due in each calendar month that its days touch', () => {
    const monthly = { frequency: 'monthly' };
    expect(periodsOf({ ...monthly, startDate: '2025-02-28', endDate: '2025-04-01' })).toEqual([
      '2025-02',
      '2025-03',
      '2025-04',
    ]);
    expect(periodsOf({ ...monthly, startDate: '2025-02-01', endDate: '2025-03-31' })).toEqual(['2025-02', '2025-03']);
    expect(periodsOf({ ...monthly, startDate: '2025-04-01' })).toEqual(['2025-04', '2025-05']);
  });

  test('that is switched off is never due', () =>
    expect(periodsOf({ enabled: false, startDate: '2025-02-01' })).toEqual([]));

  test('has a row per customer in scope, each with an id of its own that stays', () => {
    const rowsOf = (rule: Readonly<Record<string, unknown>>) =>
      flatRulesInOrder(stored({ ...charge, startDate: '2025-03-01', ...rule })).flatMap((adding) =>
        flatRows(adding, { period: BillingPeriod.parse('2025-03'), customers, currency: 'USD' }),
      );
    const all = rowsOf({});
    expect(all.map(({ customer }) => customer.id)).toEqual(customers.map(({ id }) => id));
    expect(new Set(all.map(({ rowId }) => rowId)).size).toBe(2);
    expect(rowsOf({ customers: ['cus_fabrikam0000'] }).map(({ rowId }) => rowId)).toEqual([all[1]?.rowId]);
  });
});
