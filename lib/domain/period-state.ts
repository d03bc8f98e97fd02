import { z } from 'zod';
import { BillingPeriod } from './billing-period.ts';
import { DeliveryId, IntegrationId, RunId } from './ids.ts';
import { Retired } from './retired.ts';
import { ChargeDays } from './touched.ts';

/** A run that was published before, as a rollback needs it; its owners stand in its publication. */
export const EarlierRun = z.object({
  deliverySeq: z.string(),
  deliveryId: DeliveryId,
  configRevision: z.int().nonnegative(),
  runId: RunId,
  publishedAt: z.iso.datetime(),
  /** First and last day of the run’s charges, null without rows; runs from before it was kept have none. */
  days: ChargeDays.nullish(),
});
export type EarlierRun = z.infer<typeof EarlierRun>;

/** So many runs that were published before can be gone back to (`architecture.md`, Publish). */
export const EARLIER_MOST = 3;

/** What (integration, period) wants, has published, and who works on it: one stored item, changed on condition only. */
export const PeriodState = z.object({
  integrationId: IntegrationId,
  period: BillingPeriod,
  wanted: z.object({ deliverySeq: z.string(), deliveryId: DeliveryId }),
  published: EarlierRun.extend({
    /** Owners that have lists of this run (customers, `unassigned`, `partner`), to delete those the next run lacks. */
    owners: z.array(z.string()),
    /** Owners of runs before whose lists have to go, so that a publish that died half-way can be finished. */
    ownersBefore: z.array(z.string()).optional(),
    /** Since a rollback until the lists are those of this run: an ask for them may be lost, and its run is long ended. */
    listsOwed: z.boolean().optional(),
  }).nullable(),
  /** Runs published before, the last one first, at most `EARLIER_MOST`. */
  earlier: z.array(EarlierRun).optional(),
  /** Runs published before those, while readers may still be at their files; nothing leads back to them. */
  retired: z.array(Retired).optional(),
  /**
   * Set where the partner went back to an earlier run: nothing but a delivery after this one (by its sequence) is
   * worked on or published until the partner takes the pin away.
   */
  pinned: z.object({ deliverySeq: z.string(), at: z.iso.datetime() }).nullish(),
  /** The run at work; `fence` grows with every lease and is what Publish checks. */
  lease: z.object({ runId: RunId, executionArn: z.string(), expiresAt: z.iso.datetime() }).nullable(),
  fence: z.int().nonnegative(),
  runNumber: z.int().nonnegative(),
});
export type PeriodState = z.infer<typeof PeriodState>;
