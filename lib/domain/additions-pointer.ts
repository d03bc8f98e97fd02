import { z } from 'zod';
import { BillingPeriod } from './billing-period.ts';
import { Reason } from './delivery.ts';
import { IntegrationId, RunId } from './ids.ts';
import { Retired } from './retired.ts';

/** A published run that was read, by integration. */
const SourceRun = z.object({ integrationId: IntegrationId, runId: RunId });

/** What the corrections of one closed month were made from: a configuration, and the month's published runs. */
export const CorrectionSource = z.object({
  month: BillingPeriod,
  revision: z.int().nonnegative(),
  sources: z.array(SourceRun),
});
export type CorrectionSource = z.infer<typeof CorrectionSource>;

/** The additions of one period as published: which pricing counts, and what it was priced from. One stored item. */
export const AdditionsPointer = z.object({
  period: BillingPeriod,
  /** Grows by one with every publication; a writer names the one it has read. */
  number: z.int().positive(),
  /** Names the pricing: its figures and files lie under it. */
  uuid: z.string(),
  configRevision: z.int().nonnegative(),
  /** The published runs that were read, by integration. */
  sources: z.array(SourceRun),
  /** The closed months that it corrects, with the published runs that were read of them. */
  corrections: z.array(CorrectionSource).optional(),
  publishedAt: z.iso.datetime(),
  /** Customers that have lists of this pricing, and those of pricings before whose lists have to go. */
  owners: z.array(z.string()),
  ownersBefore: z.array(z.string()),
  /** Until the lists are those of this pricing: whoever writes them may die over it, and readers are at the one before. */
  listsOwed: z.boolean().optional(),
  /** Pricings before, while readers may still be at their files. */
  retired: z.array(Retired).optional(),
  /** Null, or why some charges could not be priced (`currency_required`). */
  reason: Reason.nullable(),
});
export type AdditionsPointer = z.infer<typeof AdditionsPointer>;
