import type { redriveRun as contract } from '../../contracts/runs/redrive-run.ts';
import { isAhead, isPinned } from '../../domain/is-ahead.ts';
import { Problem } from '../../domain/problem.ts';
import type { Asks } from '../../ports/asks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { UseCase } from '../use-case.ts';

/** Asks for a run over what is wanted now, in place of one that failed or was quarantined. */
export const redriveRun =
  (deps: {
    runs: Pick<RunStore, 'find'>;
    periods: Pick<PeriodStore, 'find'>;
    config: Pick<PartnerConfigReader, 'history'>;
    asks: Pick<Asks, 'splitBill'>;
    clock: Clock;
  }): UseCase<typeof contract> =>
  async ({ params: { runId } }) => {
    const run = await deps.runs.find(runId);
    if (!run) throw new Problem('not_found', { what: 'run', id: runId });
    if (run.status === 'Running') throw new Problem('run_at_work', { runId });
    const { integrationId, period, status } = run;
    const state = await deps.periods.find(integrationId, period);
    if (state && isPinned(state)) {
      const since = state.pinned?.at ?? '';
      throw new Problem('period_pinned', { runId: state.published?.runId ?? '', since });
    }
    if (!['Failed', 'Quarantined'].includes(status) || !state || !isAhead(state, await deps.config.history()))
      throw new Problem('nothing_to_redrive', { status });
    const { lease } = state;
    if (lease !== null && lease.expiresAt > deps.clock.now().toISOString())
      throw new Problem('run_at_work', { runId: lease.runId });
    await deps.asks.splitBill(integrationId, period);
    return { body: { integrationId, period } };
  };
