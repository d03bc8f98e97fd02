import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CustomerTenant } from '../../domain/customer-tenant.ts';
import { DeliveryId, IntegrationId, RunId } from '../../domain/ids.ts';
import { RuleVersion } from '../../domain/rule-version.ts';
import { PartnerSettings } from '../../domain/settings.ts';
import { StoredSplit } from './stored-split.ts';

/** What a run works by (`LAKE.plan`), read once from the partner's configuration and the same for every step after. */
export const Plan = z.object({
  runId: RunId,
  integrationId: IntegrationId,
  period: BillingPeriod,
  deliveryId: DeliveryId,
  deliverySeq: z.string(),
  configRevision: z.int().nonnegative(),
  partner: PartnerSettings,
  /** Every customer, in the order of the summary. */
  customers: z.array(CustomerTenant),
  /** Enabled rules that act on rows, in order. */
  rules: z.array(RuleVersion),
  /** The owners whose rows a shard holds; the estimate that packed them. */
  shards: z.array(z.object({ shard: z.int().nonnegative(), owners: z.array(z.string()), rowsPlanned: z.int() })),
  rows: z.int().nonnegative(),
  ownersHash: z.string().optional(),
  /** The stored split that the run is priced from; without it, its own. */
  split: StoredSplit.optional(),
});
export type Plan = z.infer<typeof Plan>;
