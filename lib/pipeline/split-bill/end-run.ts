import type { Reason } from '../../domain/delivery.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import type { Run, RunStatus } from '../../domain/run.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { SplitBillStep } from '../../names/steps.ts';
import { deliveredTable } from '../../names/tables.ts';
import type { Asks } from '../../ports/asks.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { Ending } from './ending-of.ts';
import { type FinishPublicationWorld, finishPublication, followPointer } from './finish-publication.ts';
import { askFollowUp, type FollowUpWorld } from './follow-up.ts';
import { Publication } from './publication.ts';
import { readLakeJson } from './read-lake-json.ts';

/** What ending a run reaches outside. */
export interface EndRunWorld extends FollowUpWorld, FinishPublishWorld {
  readonly periods: Pick<PeriodStore, 'find' | 'releaseLease' | 'noteListsWritten'>;
  readonly runs: Pick<RunStore, 'find' | 'list' | 'update'>;
  readonly asks: Asks;
  readonly engine: Pick<QueryEngine, 'run'>;
  /** Called once for each run that ends Quarantined. */
  readonly onQuarantined?: () => void;
  /** Told of each run or delivery that did not end well, once. */
  readonly onEnded?: (ended: Ended) => void;
}

/** How a run or delivery has ended, for the log. */
export interface Ended {
  readonly runId?: Run['id'];
  readonly deliveryId?: string | null;
  readonly status: string;
  readonly step: string;
  readonly reason: Reason | null;
}

const DROP_SECONDS = 30;
const PUBLISH: SplitBillStep = 'Publish';

/**
 * Ends a run that did not end itself, frees what it held, and asks for what is wanted. A run whose pointer has moved is
 * published: its lists are brought to an end instead. Doing it again changes nothing. Returns how the run has ended.
 */
export async function endRun(
  world: EndRunWorld,
  run: Run,
  { ending, step = run.step, failuresMost }: { ending: Ending; step?: string; failuresMost: number },
): Promise<RunStatus> {
  const { id, integrationId, period } = run;
  const before = await world.periods.find(integrationId, period);
  const status = run.status === 'Running' ? await endNow(world, { ...run, step }, before, ending) : run.status;
  await dropDeliveredTable(world, id);
  // In this order: an ask that comes while a lease stands is turned away at the start λ.
  await world.periods.releaseLease(integrationId, period, id);
  const after = await world.periods.find(integrationId, period);
  if (after !== undefined && after.lease === null) await askFollowUp(world, after, failuresMost);
  return status;
}

async function endNow(
  world: EndRunWorld,
  run: Run,
  state: PeriodState | undefined,
  { status, reason }: Ending,
): Promise<RunStatus> {
  if (state?.published?.runId === run.id) {
    await finishPublish(world, state.published);
    return 'Published';
  }
  // It may have died over lists that were another run's by then.
  if (run.step === PUBLISH) await followPointer(world, run);
  const ended = await world.runs.update(run.id, {
    status,
    step: run.step,
    reason,
    endedAt: world.clock.now().toISOString(),
  });
  if (!ended) return (await world.runs.find(run.id))?.status ?? status;
  if (status === 'Quarantined') world.onQuarantined?.();
  world.onEnded?.({ runId: run.id, deliveryId: run.deliveryId, status, step: run.step, reason });
  return status;
}

/** What finishing a pointer's publication reaches outside. */
export interface FinishPublishWorld extends FinishPublicationWorld {
  readonly periods: Pick<PeriodStore, 'find' | 'noteListsWritten'>;
}

/** Does what was left to do when a publish died after its pointer had moved, or when the partner moved it. */
export async function finishPublish(
  world: FinishPublishWorld,
  { runId, ownersBefore = [], listsOwed = false }: NonNullable<PeriodState['published']>,
): Promise<void> {
  const publication = await readLakeJson(world.lake, LAKE.publication(runId), Publication);
  const outcome = await finishPublication(world, publication, ownersBefore);
  const { integrationId, period } = publication;
  if (listsOwed && outcome === 'written') await world.periods.noteListsWritten(integrationId, period, runId);
}

/** The table names files and costs nothing: one that stays behind is not worth failing over. */
export async function dropDeliveredTable({ engine }: Pick<EndRunWorld, 'engine'>, runId: Run['id']): Promise<void> {
  const statement = `DROP TABLE IF EXISTS \`${deliveredTable(runId)}\``;
  await engine.run(statement, { timeoutSeconds: DROP_SECONDS }).catch(() => undefined);
}
