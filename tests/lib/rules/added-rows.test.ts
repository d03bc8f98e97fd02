import { describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { flatRows, flatRulesInOrder, percentageRows, percentageRulesInOrder } from '../../../lib/rules/added-rows.ts';
import { stored } from './stored.ts';

const charge = { type: 'charge', amount: '10', serviceName: 'Managed Services' };
const customers = ['cus_contoso00000', 'cus_fabrikam0000'].map((id) =>
  CustomerTenant.parse({ id, name: id, createdAt: '2025-01-01T00:00:00Z', version: 1 }),
);

const MARCH = BillingPeriod.parse('2025-03');
const MONTHLY = { frequency: 'monthly' } as const;

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

  test('has another id for another customer, month, currency or rule', () => {
    const idsOf = (month: string, currency: string) =>
      flatRulesInOrder(stored({ ...charge, ...MONTHLY }, { ...charge, ...MONTHLY })).flatMap((adding) =>
        flatRows(adding, { period: BillingPeriod.parse(month), customers, currency }).map(({ rowId }) => rowId),
      );
    const ids = [...idsOf('2025-03', 'USD'), ...idsOf('2025-03', 'EUR'), ...idsOf('2025-04', 'USD')];
    expect(new Set(ids).size).toBe(12);
    expect(ids.filter((id) => !/^[0-9a-f]{32}-1$/.test(id))).toEqual([]);
  });

  test('is tagged with its category, and with its sub category where it has one', () => {
    const tagsOf = (rule: Readonly<Record<string, unknown>>) =>
      flatRulesInOrder(
        stored({ ...charge, startDate: '2025-03-01', customers: ['cus_contoso00000'], ...rule }),
      ).flatMap((adding) => flatRows(adding, { period: MARCH, customers, currency: 'USD' }).map(({ Tags }) => Tags));
    expect(tagsOf({ category: 'Support' })).toEqual([{ category: 'Support' }]);
    expect(tagsOf({ category: 'Support', subCategory: 'Gold' })).toEqual([
      { category: 'Support', subCategory: 'Gold' },
    ]);
  });

  test('comes in the partner’s order, however rules were read', () => {
    const rules = stored(charge, charge, charge);
    const read = [2, 0, 1].flatMap((at) => rules.slice(at, at + 1));
    expect(flatRulesInOrder(read).map(({ order }) => order)).toEqual([1, 2, 3]);
  });
});

describe('A percentage of the whole', () => {
  /** What a percentage of 10 adds for the first customer, given charges and what was delivered. */
  function percentageOfMarch(
    rule: Readonly<Record<string, unknown>>,
    {
      charges = [],
      currency = 'USD',
    }: { charges?: readonly Readonly<Record<string, unknown>>[]; currency?: string } = {},
  ) {
    const whom = { customers: ['cus_contoso00000'], startDate: '2025-03-01' };
    const flat = flatRulesInOrder(stored(...charges.map((one) => ({ ...charge, ...whom, ...one })))).flatMap((adding) =>
      flatRows(adding, { period: MARCH, customers, currency }),
    );
    const [percentage] = percentageRulesInOrder(
      stored({ type: 'percentage_charge', percent: '10', as: 'charge', ...whom, ...rule }),
    );
    if (percentage === undefined) throw new Error('there is no percentage');
    const bases = [{ customerId: 'cus_contoso00000', currency: 'USD', sums: new Map([[percentage.id, '1000']]) }];
    return percentageRows(percentage, { period: MARCH, customers, bases, flat });
  }

  test('is of the whole month, of what was delivered and added, tagged as a fee', () => {
    expect(percentageOfMarch({}, { charges: [{}] })).toMatchObject([
      {
        amount: '101',
        ChargeCategory: 'Adjustment',
        ChargeFrequency: 'Recurring',
        ChargePeriodStart: '2025-03-01T00:00:00.000Z',
        ChargePeriodEnd: '2025-04-01T00:00:00.000Z',
        Tags: { category: 'MSP Fee' },
      },
    ]);
  });

  test('is of the whole month from any day on, but of no charge before its first day', () => {
    expect(percentageOfMarch({ startDate: '2025-03-15' }, { charges: [{}] })).toMatchObject([
      { amount: '100', ChargePeriodStart: '2025-03-01T00:00:00.000Z' },
    ]);
  });

  test('as a credit takes off what it comes to, tier by tier', () => {
    const tiers = [{ upTo: '600', percent: '10' }, { percent: '5' }];
    expect(percentageOfMarch({ as: 'credit', percent: undefined, tiers })).toMatchObject([
      { amount: '-80', ChargeCategory: 'Credit' },
    ]);
    expect(percentageOfMarch({ percent: undefined, tiers: [{ percent: '3' }] })).toMatchObject([{ amount: '30' }]);
  });

  test('is none in a month that its days do not touch', () => {
    expect(percentageOfMarch({ startDate: '2025-04-01' })).toEqual([]);
    expect(percentageOfMarch({ startDate: '2025-01-01', endDate: '2025-02-28' })).toEqual([]);
    expect(percentageOfMarch({ startDate: '2025-01-01', endDate: '2025-03-01' })).toHaveLength(1);
  });

  test('is a row for each currency, in order of their names', () => {
    const rows = percentageOfMarch({}, { charges: [{}], currency: 'EUR' });
    expect(rows.map(({ currency, amount }) => [currency, amount])).toEqual([
      ['EUR', '1'],
      ['USD', '100'],
    ]);
  });

  test.each([
    [{ field: 'ServiceName', op: 'in', values: ['Managed Services'] }, '101'],
    [{ field: 'ServiceName', op: 'in', values: ['Compute'] }, '100'],
    [{ field: 'ChargeCategory', op: 'in', values: ['Adjustment'] }, '101'],
    [{ field: 'ChargeFrequency', op: 'in', values: ['One-Time'] }, '101'],
    [{ field: 'ChargeDescription', op: 'in', values: ['Rule 1'] }, '101'],
    [{ field: 'Tags', key: 'category', op: 'exists' }, '101'],
    [{ field: 'RegionId', op: 'exists' }, '100'],
  ])('counts the charges that %j matches', (filter, amount) => {
    expect(percentageOfMarch({ filter }, { charges: [{}] }).map((row) => row.amount)).toEqual([amount]);
  });
});
