import { z } from 'zod';
import { BillingPeriod } from './billing-period.ts';
import { DeliveryId, IntegrationId, RunId } from './ids.ts';

/** What (integration, period) wants, has published, and who works on it: one stored item, changed on condition only. */
export const PeriodState = z.object({
  integrationId: IntegrationId,
  period: BillingPeriod,
  wanted: z.object({ deliverySeq: z.string(), deliveryId: DeliveryId }),
  published: z
    .object({
      deliverySeq: z.string(),
      deliveryId: DeliveryId,
      configRevision: z.int().nonnegative(),
      runId: RunId,
      publishedAt: z.iso.datetime(),
      /** Owners that have lists of this run (customers, `unassigned`, `partner`), to delete those the next run lacks. */
      owners: z.array(z.string()),
      /** Owners of runs before whose lists have to go, so that a publish that died half-way can be finished. */
      ownersBefore: z.array(z.string()).optional(),
    })
    .nullable(),
  /** The run at work; `fence` grows with every lease and is what Publish checks. */
  lease: z.object({ runId: RunId, executionArn: z.string(), expiresAt: z.iso.datetime() }).nullable(),
  fence: z.int().nonnegative(),
  runNumber: z.int().nonnegative(),
});
export type PeriodState = z.infer<typeof PeriodState>;
