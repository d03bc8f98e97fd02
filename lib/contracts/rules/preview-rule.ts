import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CustomerId, RuleId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { CurrencyCode } from '../money-text.ts';
import { FourCosts, RunWarning } from '../runs/run-summary.ts';
import { RULES_MOST, RuleInput } from './rule.ts';

const Rows = z.int().nonnegative();

/** Rows that a preview looked at, and what the rule does to them. */
const RowCounts = z.object({
  rows: Rows.meta({ description: 'Delivered rows of the customers in scope.' }),
  rowsMatched: Rows.meta({ description: 'Of these, rows that the rule’s dates, filter and type take in.' }),
  rowsApplied: Rows.meta({ description: 'Of these, rows that no earlier rule takes: the rule changes them.' }),
  rowsAdded: Rows.meta({ description: 'Rows that a charge adds.' }),
});

/** One customer’s money with and without the rule, in one currency. Additions that exist already are left aside. */
const PreviewedCustomer = z
  .object({
    customerId: CustomerId,
    name: z.string(),
    BillingCurrency: CurrencyCode,
    ...RowCounts.shape,
    before: FourCosts,
    after: FourCosts,
    delta: FourCosts,
  })
  .meta({ id: 'PreviewedCustomer' });

/** A value or tag key of the filter that no row has, and the one in the bill that looks most like it. */
const ClosestValue = z
  .object({
    field: z.string(),
    key: z.string().optional(),
    value: z.string().optional(),
    closest: z.string(),
  })
  .meta({ id: 'ClosestValue', description: 'Without `value` it is the tag key itself that no row has.' });

/** What a rule would do to the last published period, in rows and money per customer. Nothing is changed. */
export const previewRule = contract({
  operationId: 'previewRule',
  method: 'POST',
  readOnly: true,
  path: '/v1/rules/preview',
  tag: 'Rules',
  summary: 'Preview a rule',
  description:
    'Prices the rows of the last published period (or the one given), over all its integrations, once with the rules ' +
    'as they are and once with this rule at `order` (default: the end; with `ruleId`: in the place of that rule). A ' +
    'rule that is switched off is previewed as if it were on.',
  roles: ['partner'],
  body: z.strictObject({
    rule: RuleInput,
    order: z.int().min(1).max(RULES_MOST).optional(),
    ruleId: RuleId.optional().meta({ description: 'The rule that this one would be the next version of.' }),
    period: BillingPeriod.optional(),
  }),
  status: 200,
  answer: z
    .object({
      period: BillingPeriod,
      ...RowCounts.shape,
      customers: z.array(PreviewedCustomer),
      warnings: z.array(RunWarning).meta({ description: 'Warnings of this rule, and those it causes for others.' }),
      closest: z.array(ClosestValue).meta({ description: 'Only where no row matches.' }),
    })
    .meta({ id: 'RulePreview' }),
  problems: [
    'nothing_published',
    'end_before_start',
    'scope_required',
    'scope_conflict',
    'currency_required',
    'rule_type_immutable',
    'too_many_items',
    'not_found',
  ],
});
