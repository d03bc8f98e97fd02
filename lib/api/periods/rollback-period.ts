import { z } from 'zod';
import type { rollbackPeriod as contract } from '../../contracts/periods/rollback-period.ts';
import type { RunId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { OperatorAsks } from '../../ports/asks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { PinStore } from '../../ports/pin-store.ts';
import type { UseCase } from '../use-case.ts';

/** What of a run's publication a pointer carries. */
const PublishedOwners = z.object({ lists: z.array(z.object({ owner: z.string() })) });

/**
 * Moves the pointer to an earlier run, whatever the order of their deliveries, and pins the period to it. The lists that
 * readers follow are written behind a queue: the API has no right on them.
 */
export const rollbackPeriod =
  (deps: {
    periods: Pick<PeriodStore, 'find'>;
    pins: Pick<PinStore, 'rollBack'>;
    lake: Pick<ObjectStore, 'readText'>;
    operatorAsks: Pick<OperatorAsks, 'writeLists'>;
    clock: Clock;
  }): UseCase<typeof contract> =>
  async ({ params: { integrationId, period }, body: { runId } }) => {
    const state = await deps.periods.find(integrationId, period);
    if (!state?.published)
      throw new Problem('not_found', { what: 'published period', id: `${integrationId} ${period}` });
    const { earlier = [], published, wanted } = state;
    const to = earlier.find((run) => run.runId === runId);
    if (!to) throw new Problem('not_an_earlier_run', { runId, earlier: earlier.map((run) => run.runId) });
    const at = deps.clock.now().toISOString();
    const moved = await deps.pins.rollBack(integrationId, period, {
      from: published.runId,
      to: { ...to, publishedAt: at, owners: await ownersOf(deps.lake, runId) },
      pinned: { deliverySeq: wanted.deliverySeq, at },
    });
    if (moved === 'moved') throw new Problem('conflict', { what: 'the period’s published run' });
    await deps.operatorAsks.writeLists(integrationId, period);
    return { body: { integrationId, period, runId, pinned: true } };
  };

async function ownersOf(lake: Pick<ObjectStore, 'readText'>, runId: RunId): Promise<string[]> {
  const key = LAKE.publication(runId);
  const publication = await lake.readText(key);
  if (publication === undefined) throw new Error(`${key} is gone`);
  const { lists } = PublishedOwners.parse(JSON.parse(publication.text));
  return [...new Set(lists.map(({ owner }) => owner))];
}
