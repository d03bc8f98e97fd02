import { describe, expect, test } from 'vitest';
import { BillingRule } from '../../../lib/domain/billing-rule.ts';
import { explainRule } from '../../../lib/rules/explain-rule.ts';

const every = { name: 'Rule', startDate: '2025-03-01', customers: 'all' };

describe('A rule in words', () => {
  test.each([
    [
      { type: 'adjust_to_list', offsetPercent: '5' },
      'Charges the list price plus 5 %; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'adjust_to_list', endDate: '2025-12-31' },
      'Charges the list price; for all customers, from 2025-03-01 to 2025-12-31.',
    ],
    [
      { type: 'rerate', base: 'billed_cost', offsetPercent: '-12.5' },
      'Charges what the provider billed less 12.5 %; for all customers, from 2025-03-01 on.',
    ],
    [{ type: 'back_out' }, 'Leaves the row out of the customer’s bill; for all customers, from 2025-03-01 on.'],
    [
      { type: 'back_out', mode: 'zero', enabled: false },
      'Shows the row to the customer at a cost of 0; for all customers, from 2025-03-01 on (switched off).',
    ],
    [
      { type: 'charge', amount: '300', currency: 'EUR', serviceName: 'Support', frequency: 'monthly' },
      'Adds 300 EUR for Support to each customer in every calendar month; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'charge', amount: '300', serviceName: 'Set-up' },
      'Adds 300 for Set-up to each customer once, on the first day; for all customers, from 2025-03-01 on.',
    ],
  ])('%j', (rule, words) => {
    expect(explainRule(BillingRule.parse({ ...every, ...rule }))).toBe(words);
  });

  test('names its customers and reads its filter without ambiguity', () => {
    const filter = {
      all: [
        { field: 'ServiceName', op: 'in', values: ['Amazon EC2', 'Amazon S3'] },
        { not: { field: 'Tags', key: 'env', op: 'in', values: ['dev'] } },
        {
          any: [
            { field: 'RegionId', op: 'startsWith', values: ['eu-'] },
            { field: 'RegionId', op: 'notExists' },
          ],
        },
      ],
    };
    const rule = BillingRule.parse({ ...every, customers: ['cus_contoso00000'], type: 'back_out', filter });
    expect(explainRule(rule, () => 'Contoso')).toBe(
      'Leaves the row out of the customer’s bill, where ServiceName is "Amazon EC2" or "Amazon S3" and not (tag env is "dev") and (RegionId starts with "eu-" or RegionId is not given); for Contoso, from 2025-03-01 on.',
    );
  });
});
