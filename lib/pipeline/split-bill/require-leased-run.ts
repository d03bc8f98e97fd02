import type { RunId } from '../../domain/ids.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { type LeasedRun, Superseded } from './lease-kept.ts';

/** The run that AcquireLease gave a delivery. One that has ended meanwhile (by CloseRun) is superseded. */
export async function requireLeasedRun(runs: Pick<RunStore, 'find'>, runId: RunId): Promise<LeasedRun> {
  const run = await runs.find(runId);
  if (run === undefined) throw new Error(`there is no run ${runId}`);
  if (run.status !== 'Running') throw new Superseded(`the run has ended as ${run.status}`);
  if (run.deliveryId === null) throw new Error(`${runId} has no delivery: it never took a lease`);
  return { runId, integrationId: run.integrationId, period: run.period, deliveryId: run.deliveryId };
}
