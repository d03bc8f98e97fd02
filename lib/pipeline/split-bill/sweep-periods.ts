import type { BillingPeriod } from '../../domain/billing-period.ts';
import { isRecomputing } from '../../domain/is-recomputing.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import type { Run } from '../../domain/run.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { Executions } from '../../ports/executions.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { type EndRunWorld, endRun, finishPublish } from './end-run.ts';
import type { Ending } from './ending-of.ts';
import { askFollowUp } from './follow-up.ts';

/** What the schedule's look over all periods reaches outside. */
export interface SweepWorld extends EndRunWorld {
  readonly periods: Pick<PeriodStore, 'find' | 'list' | 'releaseLease' | 'noteListsWritten'>;
  readonly executions: Pick<Executions, 'status'>;
  readonly additions: Pick<AdditionsStore, 'find'>;
}

/** After so many failures of one delivery under one configuration, only a change is worth another run. */
export const FAILURES_MOST = 3;
/** A run that has no lease after this long lost its execution before it began to work. */
const STARTING_MINUTES = 15;
/** Others may have begun since: so many of a period's last runs are looked at. */
const RUNS_SEEN = 20;

/**
 * Finds what no event told of: a lease whose execution is gone, a publish that died between pointer and lists, a
 * rollback whose lists were not written, a run that never began, an ask that was lost, be it for a run or for additions. Returns how many things needed something.
 */
export async function sweepPeriods(world: SweepWorld): Promise<number> {
  const states = await world.periods.list();
  let mended = 0;
  for (const state of states) if (await mend(world, state)) mended += 1;
  for (const period of new Set(states.map((state) => state.period)))
    if (await askAdditions(world, period, states)) mended += 1;
  return mended;
}

/** Additions that are not of what is published now, or whose lists never followed, wait for an ask that may be lost. */
async function askAdditions(
  { additions, config, asks }: SweepWorld,
  period: BillingPeriod,
  states: readonly PeriodState[],
): Promise<boolean> {
  const isBehind = isRecomputing(await additions.find(period), { period, states, config: await config.history() });
  if (isBehind) await asks.priceAdditions(period);
  return isBehind;
}

async function mend(world: SweepWorld, state: PeriodState): Promise<boolean> {
  const { integrationId, period, lease, published } = state;
  if (lease !== null) {
    const status = await world.executions.status(lease.executionArn);
    if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return false;
    const run = await world.runs.find(lease.runId);
    if (run === undefined) await world.periods.releaseLease(integrationId, period, lease.runId);
    else await endRun(world, run, { ending: goneEnding(run), failuresMost: FAILURES_MOST });
    return true;
  }
  if (published !== null && (published.listsOwed || (await world.runs.find(published.runId))?.status === 'Running')) {
    await finishPublish(world, published);
    return true;
  }
  const lost = await neverBegun(world, state);
  if (lost) {
    await endRun(world, lost, { ending: goneEnding(lost), failuresMost: FAILURES_MOST });
    return true;
  }
  return (await askFollowUp(world, state, FAILURES_MOST)) === 'asked';
}

async function neverBegun(
  { runs, clock }: SweepWorld,
  { integrationId, period }: PeriodState,
): Promise<Run | undefined> {
  const { items } = await runs.list({ integrationId, period, limit: RUNS_SEEN });
  const ageMinutes = ({ startedAt }: Run) => (clock.now().getTime() - Date.parse(startedAt)) / 60_000;
  return items.find((run) => run.status === 'Running' && ageMinutes(run) > STARTING_MINUTES);
}

function goneEnding({ id }: Run): Ending {
  return { status: 'Failed', reason: { code: 'internal', details: { reference: id } } };
}
