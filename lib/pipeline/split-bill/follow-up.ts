import { historyOfMonth } from '../../domain/config-history.ts';
import { isAhead } from '../../domain/is-ahead.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import type { Run } from '../../domain/run.ts';
import type { Asks } from '../../ports/asks.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { RunStore } from '../../ports/run-store.ts';

/** What looking for more work reaches outside. */
export interface FollowUpWorld {
  readonly runs: Pick<RunStore, 'list'>;
  readonly config: Pick<PartnerConfigReader, 'history'>;
  readonly asks: Pick<Asks, 'splitBill'>;
}

/** Runs of a period that are looked at for what was tried: more than ever fail in a row. */
const RUNS_SEEN = 10;

/**
 * Asks for a run where what is wanted is ahead and a run can change that: once, and not for what has been tried. A bill
 * that was quarantined is quarantined again until it or the configuration changes; a failed run is worth another until
 * `failuresMost` runs of the same delivery under the same configuration have failed.
 */
export async function askFollowUp(
  world: FollowUpWorld,
  state: PeriodState,
  failuresMost: number,
): Promise<'asked' | 'nothing'> {
  const { integrationId, period } = state;
  const config = await world.config.history();
  if (!isAhead(state, config)) return 'nothing';
  const { items } = await world.runs.list({ integrationId, period, limit: RUNS_SEEN });
  const tried = items.filter((run) => isOfTheSame(run, state, historyOfMonth(config, period).revision));
  if (tried.some(({ status }) => status === 'Quarantined')) return 'nothing';
  if (tried.filter(({ status }) => status === 'Failed').length >= failuresMost) return 'nothing';
  await world.asks.splitBill(integrationId, period);
  return 'asked';
}

function isOfTheSame(run: Run, { wanted }: PeriodState, revision: number): boolean {
  return run.deliveryId === wanted.deliveryId && run.configRevision >= revision;
}
