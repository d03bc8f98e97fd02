import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CustomerId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { CurrencyCode } from '../money-text.ts';
import { FourCosts, RunWarning } from '../runs/run-summary.ts';
import { RuleInput } from './rule.ts';

/** What a rule would do to the last published period, in rows and money per customer. Nothing is changed. */
export const previewRule = contract({
  operationId: 'previewRule',
  method: 'POST',
  path: '/v1/rules/preview',
  tag: 'Rules',
  summary: 'Preview a rule',
  description:
    'Prices the rows of the last published period (or the one given) once with the rules as they are and once with ' +
    'this rule at `order` (default: the end).',
  roles: ['partner'],
  body: z.strictObject({
    rule: RuleInput,
    order: z.int().min(1).max(1000).optional(),
    period: BillingPeriod.optional(),
  }),
  status: 200,
  answer: z
    .object({
      period: BillingPeriod,
      rows: z.int().nonnegative(),
      rowsMatched: z.int().nonnegative(),
      customers: z.array(
        z.object({
          customerId: CustomerId,
          name: z.string(),
          BillingCurrency: CurrencyCode,
          rows: z.int().nonnegative(),
          before: FourCosts,
          after: FourCosts,
          delta: FourCosts,
        }),
      ),
      warnings: z.array(RunWarning),
    })
    .meta({ id: 'RulePreview' }),
  problems: ['nothing_published', 'end_before_start', 'scope_required', 'scope_conflict', 'not_found'],
});
