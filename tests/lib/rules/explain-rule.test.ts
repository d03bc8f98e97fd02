import { describe, expect, test } from 'vitest';
import { BillingRule } from '../../../lib/domain/billing-rule.ts';
import { CommitmentPolicy } from '../../../lib/domain/commitment-policy.ts';
import { Condition } from '../../../lib/domain/condition.ts';
import { explainPolicy } from '../../../lib/rules/commitments/explain-policy.ts';
import { explainCondition } from '../../../lib/rules/conditions/explain-condition.ts';
import { explainRule } from '../../../lib/rules/explain-rule.ts';

const EXISTS = { field: 'Tags', key: 'env', op: 'exists' };
const every = { name: 'Rule', startDate: '2025-03-01', customers: 'all' };
const TIERED = {
  type: 'tiered_rate',
  pricingUnit: 'GB',
  tiers: [
    { from: '0', rate: '2' },
    { from: '10', rate: '1' },
  ],
};

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
    [{ type: 'adjust_to_list', offsetPercent: '0' }, 'Charges the list price; for all customers, from 2025-03-01 on.'],
    [
      { type: 'rerate', base: 'list_cost', offsetPercent: '-5' },
      'Charges what the provider billed less 5 % of the list price; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'rerate', base: 'absolute_credits', offsetPercent: '-50' },
      'Passes credits on less 50 %; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'operating_margin', base: 'billed_cost', percent: '10' },
      'Charges what the provider billed plus a margin of 10 % of it; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'operating_margin', base: 'absolute_credits', percent: '10' },
      'Keeps 10 % of every credit; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'adjustment', percentShown: '50' },
      'Shows 50 % of what the provider billed; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'fixed_rate', rate: '0.05', pricingUnit: 'Hours' },
      'Charges 0.05 per unit, where the unit is "Hours"; for all customers, from 2025-03-01 on.',
    ],
    [
      { ...TIERED, aggregate: 'customer' },
      'Charges per unit 2 from 0 on, 1 from 10 on, where the unit is "GB", counted over the billing period for the customer; for all customers, from 2025-03-01 on.',
    ],
    [
      { ...TIERED, aggregate: 'sub_account' },
      'Charges per unit 2 from 0 on, 1 from 10 on, where the unit is "GB", counted over the billing period for each sub account; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'credit', amount: '20', serviceName: 'Goodwill' },
      'Credits 20 for Goodwill to each customer once, on the first day; for all customers, from 2025-03-01 on.',
    ],
    [
      { type: 'percentage_charge', percent: '3', as: 'charge' },
      'Adds 3 % of what each customer is charged in the month; for all customers, from 2025-03-01 on.',
    ],
    [
      {
        ...{ type: 'percentage_charge', as: 'credit', minimum: '7' },
        tiers: [{ upTo: '1000', percent: '10' }, { percent: '5' }],
      },
      'Credits 10 % up to 1000, 5 % of the rest of what each customer is charged in the month, at least 7; for all customers, from 2025-03-01 on.',
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

  test.each([
    [{ field: 'RegionId', op: 'notIn', values: ['a', 'b'] }, 'RegionId is not "a" nor "b"'],
    [{ field: 'RegionId', op: 'contains', values: ['a'] }, 'RegionId contains "a"'],
    [{ field: 'RegionId', op: 'wildcard', values: ['a*'] }, 'RegionId has the form "a*"'],
    [{ field: 'RegionId', op: 'matches', values: ['^a'] }, 'RegionId matches "^a"'],
    [{ any: [{ all: [EXISTS, EXISTS] }, EXISTS] }, '(tag env is given and tag env is given) or tag env is given'],
    [{ any: [{ all: [EXISTS] }, EXISTS] }, 'tag env is given or tag env is given'],
    [{ all: [{ any: [EXISTS] }, EXISTS] }, 'tag env is given and tag env is given'],
    [{ all: [{ all: [EXISTS, EXISTS] }, EXISTS] }, 'tag env is given and tag env is given and tag env is given'],
    [{ any: [{ any: [EXISTS, EXISTS] }, EXISTS] }, 'tag env is given or tag env is given or tag env is given'],
    [{ any: [{ all: [EXISTS, EXISTS] }] }, 'tag env is given and tag env is given'],
  ])('says of the filter %j', (filter, words) => {
    expect(explainCondition(Condition.parse(filter))).toBe(words);
  });

  test.each([
    [{ policy: 'pass_through' }, 'passes commitments on as delivered'],
    [{ policy: 'retain' }, 'keeps the benefit of commitments with the partner: usage is charged on demand'],
    [
      { policy: 'share', percent: '50' },
      'shares the benefit of commitments: usage is charged on demand less 50 % of what it saved',
    ],
    [{ policy: 'allocate' }, 'charges usage at its amortised cost, and its part of what nobody used'],
  ])('says of the commitment policy %j', (policy, words) => {
    expect(explainPolicy(CommitmentPolicy.parse(policy))).toBe(words);
  });
});
