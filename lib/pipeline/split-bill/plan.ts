import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { BillingRule } from '../../domain/billing-rule.ts';
import { CustomerTenant } from '../../domain/customer-tenant.ts';
import { DeliveryId, IntegrationId, RuleId, RunId } from '../../domain/ids.ts';
import { PartnerSettings } from '../../domain/settings.ts';
import { StoredSplit } from './stored-split.ts';

/** One immutable version of a rule, as the run prices with it. */
const PlannedRule = z.object({
  id: RuleId,
  version: z.int().positive(),
  order: z.int().positive(),
  createdAt: z.string(),
  firstCreatedAt: z.string().optional(),
  createdBy: z.string(),
  rule: BillingRule,
});

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
  rules: z.array(PlannedRule),
  /** The owners whose rows a shard holds; the estimate that packed them. */
  shards: z.array(z.object({ shard: z.int().nonnegative(), owners: z.array(z.string()), rowsPlanned: z.int() })),
  rows: z.int().nonnegative(),
  ownersHash: z.string().optional(),
  /** The stored split that the run is priced from; without it, its own. */
  split: StoredSplit.optional(),
});
export type Plan = z.infer<typeof Plan>;
