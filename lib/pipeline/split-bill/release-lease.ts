import { z } from 'zod';
import { RunId } from '../../domain/ids.ts';
import type { Asks } from '../../ports/asks.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { RunStore } from '../../ports/run-store.ts';

/** What ReleaseLease reaches outside. */
export interface ReleaseLeaseWorld {
  readonly periods: Pick<PeriodStore, 'releaseLease'>;
  readonly runs: Pick<RunStore, 'find'>;
  readonly asks: Pick<Asks, 'splitBill'>;
}

const Input = z.object({ runId: RunId });

/**
 * Gives the period back after a published run, then asks for it once: whatever was wanted meanwhile was turned away at
 * the start λ, which looks again now and starts nothing where nothing is wanted.
 */
export const releaseLease =
  (world: ReleaseLeaseWorld) =>
  async (input: unknown): Promise<{ outcome: 'released' }> => {
    const { runId } = Input.parse(input);
    const run = await world.runs.find(runId);
    if (run === undefined) throw new Error(`there is no run ${runId}`);
    await world.periods.releaseLease(run.integrationId, run.period, runId);
    await world.asks.splitBill(run.integrationId, run.period);
    return { outcome: 'released' };
  };
