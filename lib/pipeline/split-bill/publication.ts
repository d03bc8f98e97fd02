import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId, RunId } from '../../domain/ids.ts';
import { ResultTable } from './shard-list.ts';

/** What Publish lists (`LAKE.publication`): per table and owner exactly the files that were reconciled. */
export const Publication = z.object({
  runId: RunId,
  integrationId: IntegrationId,
  period: BillingPeriod,
  lists: z.array(z.object({ table: ResultTable, owner: z.string(), keys: z.array(z.string()).min(1) })),
});
export type Publication = z.infer<typeof Publication>;
