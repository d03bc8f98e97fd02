import { describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { isDue, percentageRulesInOrder } from '../../../lib/rules/added-rows.ts';
import { dueRows } from '../../../lib/rules/due-rows.ts';
import { stored } from './stored.ts';

const customers = ['cus_contoso00000'].map((id) =>
  CustomerTenant.parse({ id, name: 'Contoso', createdAt: '2025-01-01T00:00:00Z', version: 1 }),
);
const CARE = { type: 'charge', name: 'Care', amount: '100', serviceName: 'MSP', frequency: 'monthly' };
const GIFT = { type: 'credit', name: 'Gift', amount: '30', serviceName: 'MSP', frequency: 'monthly' };
const FEE = { type: 'percentage_charge', name: 'Fee', percent: '10', as: 'charge' };

/** What rules add to March 2025, as rule, amount and currency; the partner has no currency unless one is given. */
function due(
  rules: readonly Readonly<Record<string, unknown>>[],
  { currency = null, currencies = ['USD'] }: { currency?: string | null; currencies?: readonly string[] } = {},
) {
  const { rows, problem } = dueRows(
    { rules: stored(...rules).toReversed(), customers, settings: { currency } },
    { period: BillingPeriod.parse('2025-03'), currencies, bases: [] },
  );
  return { rows: rows.map((row) => `${row.stored.rule.name} ${row.amount} ${row.currency}`), problem };
}

describe('What rules add to a month', () => {
  test('stands in the order of the rules, percentages among charges and credits, whatever order they are read in', () => {
    expect(due([FEE, CARE, GIFT]).rows).toEqual(['Fee 7 USD', 'Care 100 USD', 'Gift -30 USD']);
    expect(due([GIFT, FEE, CARE]).rows).toEqual(['Gift -30 USD', 'Fee 7 USD', 'Care 100 USD']);
  });

  test('is in the charge’s own currency, else in the partner’s, else in the only one of the month', () => {
    expect(due([{ ...CARE, currency: 'CHF' }], { currency: 'EUR' }).rows).toEqual(['Care 100 CHF']);
    expect(due([CARE], { currency: 'EUR' })).toEqual({ rows: ['Care 100 EUR'], problem: undefined });
    expect(due([CARE])).toEqual({ rows: ['Care 100 USD'], problem: undefined });
  });

  test.each([[[]], [['EUR', 'USD']]])(
    'leaves out a charge whose currency is not clear among %j, and says so',
    (currencies) => {
      const { rows, problem } = due([CARE, { ...GIFT, currency: 'USD' }], { currencies });
      expect(rows).toEqual(['Gift -30 USD']);
      expect(problem?.stored()).toEqual({ code: 'currency_required', details: { currencies } });
    },
  );

  test('is due in every month that the days of a percentage touch', () => {
    const [rule] = percentageRulesInOrder(stored({ ...FEE, startDate: '2025-02-14', endDate: '2025-04-01' }));
    const due = ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05'].filter(
      (month) => rule && isDue(rule.rule, BillingPeriod.parse(month)),
    );
    expect(due).toEqual(['2025-02', '2025-03', '2025-04']);
  });

  test('says nothing of the currency of a charge that is not due, or has one', () => {
    const later = { ...CARE, startDate: '2025-04-01' };
    expect(due([later, { ...CARE, currency: 'EUR' }], { currencies: ['EUR', 'USD'] })).toEqual({
      rows: ['Care 100 EUR'],
      problem: undefined,
    });
  });
});
