import type { closeMonth as contract } from '../../contracts/months/close-month.ts';
import { FrozenConfig } from '../../domain/frozen-config.ts';
import { isAhead } from '../../domain/is-ahead.ts';
import { isRecomputing } from '../../domain/is-recomputing.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { Clock, FreshUuid } from '../../ports/clock.ts';
import type { ClosingStore } from '../../ports/closing-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { UseCase } from '../use-case.ts';

interface Deps {
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly additions: Pick<AdditionsStore, 'find'>;
  readonly config: Pick<PartnerConfigReader, 'read' | 'history'>;
  readonly closings: Pick<ClosingStore, 'close'>;
  readonly lake: Pick<ObjectStore, 'writeText'>;
  readonly clock: Clock;
  readonly freshUuid: FreshUuid;
}

/** Writes down what the month is priced with, and closes it while that is still the configuration. */
export const closeMonth =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ params: { period } }) => {
    const config = await deps.config.read();
    const history = await deps.config.history();
    if (history.closed?.[period]) throw new Problem('month_closed', { period, since: history.closed[period].at });
    const all = await deps.periods.list();
    const states = all.filter((state) => state.period === period);
    if (states.length === 0) throw new Problem('nothing_published', { period });
    const behind = states.filter((state) => state.lease !== null || isAhead(state, history));
    const isAdding = isRecomputing(await deps.additions.find(period), { period, states: all, config: history });
    if (behind.length > 0 || isAdding) {
      const waiting = [...behind.map(({ integrationId }) => integrationId), ...(isAdding ? ['additions'] : [])];
      throw new Problem('month_not_up_to_date', { period, waiting });
    }
    const closedAt = deps.clock.now().toISOString();
    const key = LAKE.frozenConfig(period, deps.freshUuid());
    await deps.lake.writeText(key, JSON.stringify(FrozenConfig.parse(config)));
    const closed = await deps.closings.close(period, { at: closedAt, revision: config.revision, key });
    if (closed !== 'done') throw new Problem('conflict', { what: 'the configuration, or the month' });
    return { body: { period, closedAt, configRevision: config.revision } };
  };
