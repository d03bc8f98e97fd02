import { z } from 'zod';
import { BillingRule } from './billing-rule.ts';
import { RuleId } from './ids.ts';

/** One immutable version of a rule, with its place in the partner's order, as it is written down to price by. */
export const RuleVersion = z.object({
  id: RuleId,
  version: z.int().positive(),
  order: z.int().positive(),
  createdAt: z.string(),
  firstCreatedAt: z.string().optional(),
  createdBy: z.string(),
  rule: BillingRule,
});
