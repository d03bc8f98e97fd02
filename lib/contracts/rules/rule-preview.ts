import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CustomerId, PreviewId, RuleId } from '../../domain/ids.ts';
import { CurrencyCode } from '../money-text.ts';
import { FourCosts, RunWarning } from '../runs/run-summary.ts';

const Rows = z.int().nonnegative();

/** Rows that a preview looked at, and what the rule in question does to them. */
const RowCounts = z.object({
  rows: Rows.meta({ description: 'Delivered rows of the customers in scope.' }),
  rowsMatched: Rows.meta({
    description: 'Of these, rows that the rule’s dates, filter and type take in; 0 for a new order.',
  }),
  rowsApplied: Rows.meta({
    description: 'Of these, rows that no earlier rule takes: the rule changes them, or did before it was deleted.',
  }),
  rowsAdded: Rows.meta({ description: 'Rows that a charge adds.' }),
});

const Changed = z.object({ before: FourCosts, after: FourCosts, delta: FourCosts });

/** One customer’s money with and without the change, in one currency: the delivered rows and what all rules add. */
const PreviewedCustomer = z
  .object({
    customerId: CustomerId,
    name: z.string(),
    BillingCurrency: CurrencyCode,
    ...RowCounts.shape,
    ...Changed.shape,
  })
  .meta({ id: 'PreviewedCustomer' });

/** What lines of a preview may be told apart by, beside customer and currency. */
export const PreviewGrouping = z.enum(['service', 'usage_type', 'operation']);
export type PreviewGrouping = z.infer<typeof PreviewGrouping>;

const PreviewedGroup = z
  .object({
    customerId: CustomerId,
    BillingCurrency: CurrencyCode,
    ServiceName: z.string().nullable().optional(),
    x_UsageType: z.string().nullable().optional(),
    x_Operation: z.string().nullable().optional(),
    rows: Rows,
    ...Changed.shape,
  })
  .meta({ id: 'PreviewedGroup' });

const PreviewedRule = z
  .object({
    ruleId: RuleId.nullable().meta({ description: 'Null for the rule that is not stored yet.' }),
    name: z.string(),
    order: z.int().positive(),
    rowsMatched: Rows,
    rowsApplied: Rows,
    rowsAppliedBefore: Rows,
    neverFires: z
      .enum(['matches_nothing', 'shadowed'])
      .nullable()
      .meta({ description: 'Why the rule is applied to no row of the period, where it is not.' }),
  })
  .meta({ id: 'PreviewedRule' });

/** A value or tag key of the filter that no row has, and the one in the bill that looks most like it. */
const ClosestValue = z
  .object({
    field: z.string(),
    key: z.string().optional(),
    value: z.string().optional(),
    closest: z.string(),
  })
  .meta({ id: 'ClosestValue', description: 'Without `value` it is the tag key itself that no row has.' });

/** What a change of the rules would do to a published period, in rows and money. */
export const RulePreview = z
  .object({
    status: z.literal('done'),
    period: BillingPeriod,
    ...RowCounts.shape,
    customers: z.array(PreviewedCustomer),
    groups: z.array(PreviewedGroup).meta({ description: 'As asked with `groupBy`; the largest changes first.' }),
    groupsLeftOut: z.int().nonnegative().meta({ description: 'Groups with smaller changes, beyond the first 1,000.' }),
    rules: z
      .array(PreviewedRule)
      .meta({ description: 'Every rule that changes rows, in the order as it would be, with the change.' }),
    warnings: z
      .array(RunWarning)
      .meta({ description: 'Warnings of the rule in question, and those of others that are more with the change.' }),
    closest: z.array(ClosestValue).meta({ description: 'Only where no row matches.' }),
  })
  .meta({ id: 'RulePreview' });
export type RulePreview = z.infer<typeof RulePreview>;

/** A preview of many rows that is still being made. */
export const RunningPreview = z
  .object({
    status: z.literal('running'),
    id: PreviewId,
    startedAt: z.iso.datetime(),
    rowsDone: Rows.meta({ description: 'Rows of the integrations that are priced already.' }),
    rowsTotal: Rows,
  })
  .meta({ id: 'RunningPreview' });

/** A preview that came to nothing. */
export const FailedPreview = z
  .object({
    status: z.literal('failed'),
    id: PreviewId,
    reason: z.object({ code: z.string(), title: z.string(), detail: z.string(), next: z.string() }),
  })
  .meta({ id: 'FailedPreview' });
