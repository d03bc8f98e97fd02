import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId, RunId } from '../../domain/ids.ts';
import { ChargeDays } from '../../domain/touched.ts';
import { ResultTable } from './shard-list.ts';

/** What Publish lists (`LAKE.publication`): per table and owner exactly the files that were reconciled. */
export const Publication = z.object({
  runId: RunId,
  integrationId: IntegrationId,
  period: BillingPeriod,
  /** First and last day of its charges, null without rows; publications from before it was kept have none. */
  days: ChargeDays.nullish(),
  lists: z.array(z.object({ table: ResultTable, owner: z.string(), keys: z.array(z.string()).min(1) })),
});
export type Publication = z.infer<typeof Publication>;
