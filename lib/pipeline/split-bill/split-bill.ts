import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { IntegrationId, RunId } from '../../domain/ids.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { type AcquireLeaseAnswer, type AcquireLeaseWorld, acquireLease } from './acquire-lease.ts';
import { type PlanShardsAnswer, type PlanShardsWorld, planShards } from './plan-shards.ts';
import { type PublishWorld, publish } from './publish.ts';
import { type ReconcileWorld, reconcile } from './reconcile.ts';
import { type ReleaseLeaseWorld, releaseLease } from './release-lease.ts';
import type { ShardAnswer } from './shard-list.ts';

/** What asks for a run: the execution, and what it is to work on. */
export interface Want {
  readonly runId: RunId;
  readonly integrationId: IntegrationId;
  readonly period: BillingPeriod;
  readonly executionArn: string;
}

/** One shard for a worker (`price-shard.ts`); its token is the sender's affair. */
export interface ShardTask {
  readonly runId: RunId;
  readonly planKey: string;
  readonly attempt: string;
  readonly shard: number;
  readonly fence: number;
}

/** What the walk needs beside what its steps do. */
export type SplitBillWorld = AcquireLeaseWorld &
  PlanShardsWorld &
  ReconcileWorld &
  PublishWorld &
  ReleaseLeaseWorld & {
    readonly engine: QueryEngine;
    /** Hands a shard to a worker and waits for its answer. */
    readonly priceShard: (task: ShardTask) => Promise<ShardAnswer>;
  };

const ATTEMPT = '0-0';
const QUERY_SECONDS = 3600;

/**
 * The whole walk of SplitBill in one process: the state machine runs these same steps under the names of
 * `lib/names/steps.ts`, each with its own retries, and ends a run that throws by `close-run.ts`.
 */
export async function splitBill(want: Want, world: SplitBillWorld): Promise<'published' | 'nothing_to_do'> {
  const { runId } = want;
  const lease = await acquireLease(world)(want);
  if (lease.outcome === 'nothing_to_do') return lease.outcome;
  const { fence } = lease;
  const stored = lease.isRepricing ? await planShards(world)({ runId, measureQueryId: null }) : undefined;
  const plan = stored?.outcome === 'price' ? stored : await measureAndPlan(world, lease);
  const { planKey, shards } = plan;
  if (plan.outcome === 'split' && shards.length > 0)
    await world.engine.run(unloadByShard(world.lake.bucket, runId, plan.splitSelect), {
      timeoutSeconds: QUERY_SECONDS,
    });
  const lists = await Promise.all(
    shards.map((shard) => world.priceShard({ runId, planKey, attempt: plan.splitAttempt || ATTEMPT, shard, fence })),
  );
  const { publicationKey } = await reconcile(world)({ runId, planKey, lists });
  const { outcome } = await publish(world)({ runId, planKey, publicationKey, fence });
  await releaseLease(world)({ runId });
  return outcome;
}

async function measureAndPlan(
  world: SplitBillWorld,
  lease: Extract<AcquireLeaseAnswer, { outcome: 'go' }>,
): Promise<PlanShardsAnswer> {
  await world.engine.run(lease.createTableStatement, { timeoutSeconds: QUERY_SECONDS });
  const measureQueryId = await world.engine.run(lease.measureStatement, { timeoutSeconds: QUERY_SECONDS });
  return await planShards(world)({ runId: lease.runId, measureQueryId });
}

function unloadByShard(bucket: string, runId: RunId, select: string): string {
  const folder = `s3://${bucket}/${LAKE.splitLocation(runId, ATTEMPT)}`;
  return `UNLOAD (${select}) TO '${folder}' WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['shard'])`;
}
