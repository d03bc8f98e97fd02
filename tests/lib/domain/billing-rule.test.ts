import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BillingRule, billingRuleSchema } from '../../../lib/domain/billing-rule.ts';
import { checkRule } from '../../../lib/domain/check-rule.ts';
import { CustomerId } from '../../../lib/domain/ids.ts';

const Draft = billingRuleSchema(CustomerId);
const CONTOSO = 'cus_contoso00000';
const every = { name: 'Rule', startDate: '2025-03-01', customers: 'all' };
const rerate = { ...every, type: 'rerate', base: 'billed_cost', offsetPercent: '5' };
const charge = { ...every, type: 'charge', amount: '10', serviceName: 'Managed Services' };

function fieldsAtFault(rule: unknown): readonly string[] {
  const result = Draft.safeParse(rule);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('/'));
}

describe('A billing rule on the wire', () => {
  test.each([
    ['adjust_to_list', { ...every, type: 'adjust_to_list' }, { enabled: true, offsetPercent: '0' }],
    ['rerate', rerate, { enabled: true, offsetPercent: '5' }],
    ['back_out', { ...every, type: 'back_out' }, { mode: 'remove' }],
    ['charge', charge, { category: 'MSP Fee', frequency: 'one_time', amount: '10' }],
  ])('of type %s has its defaults', (_, rule, defaults) => {
    expect(BillingRule.parse(rule)).toMatchObject(defaults);
    expect(checkRule(Draft.parse(rule))).toEqual(BillingRule.parse(rule));
  });

  test.each([
    ['the name', { ...rerate, name: undefined }, 'name'],
    ['the start date', { ...rerate, startDate: undefined }, 'startDate'],
    ['a start date that exists', { ...rerate, startDate: '2025-02-30' }, 'startDate'],
    ['the percentage of a rerate', { ...rerate, offsetPercent: undefined }, 'offsetPercent'],
    ['the base of a rerate', { ...rerate, base: undefined }, 'base'],
    ['the amount of a charge', { ...charge, amount: undefined }, 'amount'],
    ['the service of a charge', { ...charge, serviceName: undefined }, 'serviceName'],
    ['a known type', { ...rerate, type: 'discount' }, 'type'],
  ])('needs %s', (_, rule, field) => {
    expect(fieldsAtFault(rule)).toEqual([field]);
  });

  test('takes a percentage of at most 4 decimals from −100 to 10,000, as text or as a short number', () => {
    const percent = (offsetPercent: unknown) => Draft.parse({ ...rerate, offsetPercent });
    expect(percent('-100')).toMatchObject({ offsetPercent: '-100' });
    expect(percent('10000.0000')).toMatchObject({ offsetPercent: '10000.0000' });
    expect(percent(-12.5)).toMatchObject({ offsetPercent: '-12.5' });
    for (const wrong of [
      '-100.0001',
      '10000.0001',
      '1.00001',
      0.1 + 0.2,
      1e21,
      '1e2',
      '+5',
      '5%',
      '',
      ' 5',
      null,
      true,
    ])
      expect(fieldsAtFault({ ...rerate, offsetPercent: wrong }), String(wrong)).toEqual(['offsetPercent']);
  });

  test('takes an amount above 0 of at most 12 decimals', () => {
    expect(Draft.parse({ ...charge, amount: '0.000000000001' })).toMatchObject({ amount: '0.000000000001' });
    for (const wrong of ['0', '0.00', '-1', '0.0000000000001', '1e3', '12345678901234567'])
      expect(fieldsAtFault({ ...charge, amount: wrong }), wrong).toEqual(['amount']);
  });

  test('refuses fields it does not know, a filter on a charge among them', () => {
    expect(Draft.safeParse({ ...rerate, discount: '5' }).error?.issues[0]?.message).toContain('"discount"');
    const filter = { field: 'ServiceName', op: 'exists' };
    expect(Draft.safeParse({ ...charge, filter }).error?.issues[0]?.message).toContain('"filter"');
    expect(Draft.safeParse({ ...every, type: 'back_out', base: 'billed_cost' }).success).toBe(false);
  });

  test('names customers as its reader does: ids, or a config file’s names', () => {
    expect(fieldsAtFault({ ...rerate, customers: ['Contoso'] })).toHaveLength(1);
    const named = billingRuleSchema(z.enum(['Contoso', 'Fabrikam'])).parse({ ...rerate, customers: ['Contoso'] });
    expect(checkRule(named).customers).toEqual(['Contoso']);
  });
});

describe('A billing rule that parses', () => {
  const problemOf = (rule: unknown) => {
    try {
      checkRule(Draft.parse(rule));
      return null;
    } catch (error) {
      return error;
    }
  };

  test('ends on or after its first day', () => {
    expect(problemOf({ ...rerate, endDate: '2025-03-01' })).toBeNull();
    expect(problemOf({ ...rerate, endDate: '2025-02-28' })).toMatchObject({
      code: 'end_before_start',
      details: { startDate: '2025-03-01', endDate: '2025-02-28' },
    });
  });

  test('is for somebody, and not for all and some', () => {
    expect(problemOf({ ...rerate, customers: undefined })).toMatchObject({ code: 'scope_required' });
    expect(problemOf({ ...rerate, customers: [] })).toMatchObject({ code: 'scope_required' });
    expect(problemOf({ ...rerate, customers: ['all', CONTOSO] })).toMatchObject({ code: 'scope_conflict' });
    expect(problemOf({ ...rerate, customers: ['all'] })).toMatchObject({ code: 'scope_conflict' });
    expect(problemOf({ ...rerate, customers: [CONTOSO] })).toBeNull();
  });
});
