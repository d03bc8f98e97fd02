import { z } from 'zod';
import { BillingRule, billingRuleSchema } from '../../domain/billing-rule.ts';
import { CustomerId, RuleId } from '../../domain/ids.ts';

/** Most rules of a partner: what the compiler is measured for. */
export const RULES_MOST = 400;

/** A billing rule as given (`pricing.md` §4); its type is taken in any case of letters, as Vantage's API does. */
export const RuleInput = z.preprocess(withTypeInLowerCase, billingRuleSchema(CustomerId)).meta({
  id: 'RuleInput',
  example: {
    name: 'List plus five, not in dev',
    type: 'adjust_to_list',
    startDate: '2025-03-01',
    customers: 'all',
    filter: {
      all: [
        { field: 'ServiceName', op: 'in', values: ['Amazon EC2'] },
        { not: { field: 'Tags', key: 'env', op: 'in', values: ['dev'] } },
      ],
    },
    offsetPercent: '5',
  },
});

/** A billing rule as answered: the rule, and what the server keeps of it. `explanation` says it in words. */
export const RuleAnswer = z
  .object({
    id: RuleId,
    version: z.int(),
    order: z.int(),
    createdAt: z.iso.datetime().meta({ description: 'When this version was made.' }),
    firstCreatedAt: z.iso.datetime().optional().meta({ description: 'When the first version was made.' }),
    createdBy: z.string(),
    explanation: z.string(),
    rule: BillingRule,
  })
  .meta({ id: 'Rule' });

/** Path of one rule. */
export const RulePath = z.object({ ruleId: RuleId.meta({ description: 'The rule’s id.' }) });

function withTypeInLowerCase(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('type' in given) || typeof given.type !== 'string') return given;
  return { ...given, type: given.type.toLowerCase() };
}
