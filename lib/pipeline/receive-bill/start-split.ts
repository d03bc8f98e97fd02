import { createHash } from 'node:crypto';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { type IntegrationId, RunId } from '../../domain/ids.ts';
import { isAhead } from '../../domain/is-ahead.ts';
import type { Run } from '../../domain/run.ts';
import type { SplitBillStep } from '../../names/steps.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Executions } from '../../ports/executions.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { RunStore } from '../../ports/run-store.ts';

/** What the start of SplitBill reaches outside. */
export interface StartSplitWorld {
  readonly config: Pick<PartnerConfigReader, 'history'>;
  readonly periods: Pick<PeriodStore, 'find' | 'nextRunNumber'>;
  readonly runs: Pick<RunStore, 'add' | 'list' | 'update'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly clock: Clock;
}

/** A run that was started this recently and has no lease yet will read what is wanted when it takes it. */
const STARTING_SECONDS = 60;
const FIRST_STEP: SplitBillStep = 'AcquireLease';

/**
 * Starts a run of (integration, period) if what is wanted is ahead of what is published and no run is at work on it.
 * A hundred asks in a second start one run: the others find it starting. Whoever gives a lease back asks again.
 */
export async function startSplit(
  world: StartSplitWorld,
  integrationId: IntegrationId,
  period: BillingPeriod,
): Promise<{ outcome: string; id?: string }> {
  const state = await world.periods.find(integrationId, period);
  if (state === undefined) return { outcome: 'never_delivered' };
  if (!isAhead(state, await world.config.history())) return { outcome: 'up_to_date' };
  const now = world.clock.now();
  if (state.lease !== null && Date.parse(state.lease.expiresAt) > now.getTime()) return { outcome: 'at_work' };
  if (await isStarting(world, integrationId, period, now)) return { outcome: 'starting' };
  const run = newRun(integrationId, period, await world.periods.nextRunNumber(integrationId, period), now);
  await world.runs.add(run);
  return { outcome: await start(world, run), id: run.id };
}

async function isStarting(
  { runs }: StartSplitWorld,
  integrationId: IntegrationId,
  period: BillingPeriod,
  now: Date,
): Promise<boolean> {
  const { items } = await runs.list({ integrationId, period, limit: 1 });
  const [newest] = items;
  if (newest?.status !== 'Running' || newest.step !== FIRST_STEP) return false;
  return now.getTime() - Date.parse(newest.startedAt) < STARTING_SECONDS * 1000;
}

/** A record whose execution never began would look as if it ran for ever. */
async function start({ executions, runs, clock }: StartSplitWorld, run: Run): Promise<string> {
  const { id: runId, integrationId, period } = run;
  try {
    return await executions.start('split-bill', runId, { runId, integrationId, period });
  } catch (error) {
    const reason = { code: 'internal', details: { reference: runId } };
    await runs.update(runId, { status: 'Failed', endedAt: clock.now().toISOString(), reason });
    throw error;
  }
}

function newRun(integrationId: IntegrationId, period: BillingPeriod, runNumber: number, now: Date): Run {
  const digest = createHash('sha256').update(`${integrationId}/${period}/${runNumber}`).digest('hex');
  return {
    id: RunId.parse(`run_${digest.slice(0, 40)}`),
    integrationId,
    period,
    status: 'Running',
    step: FIRST_STEP,
    steps: {},
    deliveryId: null,
    configRevision: 0,
    startedAt: now.toISOString(),
    endedAt: null,
    rowsDelivered: null,
    summaryKey: null,
    reason: null,
  };
}
