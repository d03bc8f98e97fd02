import { z } from 'zod';
import { BillingPeriod } from './billing-period.ts';
import { Reason } from './delivery.ts';
import { DeliveryId, IntegrationId, RunId } from './ids.ts';

/** Where a run stands; all but `Running` are end states. */
export const RunStatus = z.enum(['Running', 'Published', 'NothingToDo', 'Superseded', 'Quarantined', 'Failed']);
export type RunStatus = z.infer<typeof RunStatus>;

/** One run of SplitBill over (integration, period): what it worked on, how far it is, how it ended. */
export const Run = z.object({
  id: RunId,
  integrationId: IntegrationId,
  period: BillingPeriod,
  status: RunStatus,
  /** The step being worked on, or the last one entered. */
  step: z.string(),
  /** When each step was first entered. */
  steps: z.record(z.string(), z.iso.datetime()),
  /** How often a function or worker began each step: more than once (PriceShards: than once a shard) was a retry. */
  entries: z.record(z.string(), z.int().positive()).optional(),
  deliveryId: DeliveryId.nullable(),
  configRevision: z.int().nonnegative(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  rowsDelivered: z.int().nonnegative().nullable(),
  summaryKey: z.string().nullable(),
  reason: Reason.nullable(),
});
export type Run = z.infer<typeof Run>;
