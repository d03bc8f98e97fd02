import type { PeriodState } from '../../domain/period-state.ts';
import { retiredInUse } from '../../domain/retired.ts';
import type { Run } from '../../domain/run.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { ObjectSweep } from '../../ports/object-sweep.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { inParallel } from '../in-parallel.ts';
import { Plan } from '../split-bill/plan.ts';
import { Publication } from '../split-bill/publication.ts';
import { readLakeJson } from '../split-bill/read-lake-json.ts';
import { StoredSplit } from '../split-bill/stored-split.ts';
import { type SweptPlace, sweptPlaceOf } from './swept-place.ts';

/** What finding out what is kept reaches outside. */
export interface KeptWorld {
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly runs: Pick<RunStore, 'find' | 'list'>;
  readonly additions: Pick<AdditionsStore, 'find'>;
  readonly lake: Pick<ObjectStore, 'readText'>;
  readonly sweep: ObjectSweep;
  readonly clock: Clock;
  /** So long readers may be at what nothing names any more; at most `READERS_SECONDS`, for no pointer remembers longer. */
  readonly keptSeconds: number;
}

/** Everything that something refers to, by the names that `sweptPlaceOf` reads off a key. */
export interface Kept {
  readonly attempts: ReadonlySet<string>;
  /** Runs whose folder is kept, but for what SplitByShard wrote. */
  readonly runs: ReadonlySet<string>;
  /** Runs at work: which attempt of SplitByShard will count is not known yet. */
  readonly runsAtWork: ReadonlySet<string>;
  /** `<runId>/<attempt>`: a split outlives its run where later runs were priced from it. */
  readonly splits: ReadonlySet<string>;
  readonly deliveries: ReadonlySet<string>;
}

const Planned = Plan.pick({ split: true });

const READS_AT_ONCE = 16;
const RUNS_PAGE = 100;
/** A quarantined run is evidence (`docs/runbook.md`) for as long as a message waits in a dead-letter queue. */
const QUARANTINED_DAYS = 14;

/**
 * Reads what pointers, the runs that can be gone back to, runs at work and readers of yesterday refer to. What nothing
 * refers to once is never referred to again: a pointer moves to files that are new, or to one of the runs kept here. So
 * whatever moves while the sweeper works, it deletes nothing that comes to be wanted.
 */
export async function readKept(world: KeptWorld): Promise<Kept> {
  const kept = {
    attempts: new Set<string>(),
    runs: new Set<string>(),
    runsAtWork: new Set<string>(),
    splits: new Set<string>(),
    deliveries: new Set<string>(),
  };
  const since = secondsBefore(world.clock, world.keptSeconds);
  const lately = await runsInUse(world);
  const states = await world.periods.list();
  const published = states.flatMap((state) => [
    ...(state.published ? [state.published] : []),
    ...(state.earlier ?? []),
  ]);
  const retired = states.flatMap(({ published: now, retired: of }) =>
    retiredInUse({ retired: of, listsOwed: now?.listsOwed }, since),
  );
  const atWork = new Set([...lately.map(({ id }) => id), ...states.flatMap(({ lease }) => lease?.runId ?? [])]);
  await inParallel(published, READS_AT_ONCE, async ({ runId }) => {
    keepPublication(kept, await readLakeJson(world.lake, LAKE.publication(runId), Publication));
    await keepRun(world, kept, runId);
  });
  await inParallel(retired, READS_AT_ONCE, async ({ id }) => {
    const publication = await world.lake.readText(LAKE.publication(id));
    if (publication) keepPublication(kept, Publication.parse(JSON.parse(publication.text)));
    kept.runs.add(id);
  });
  await inParallel([...atWork], READS_AT_ONCE, (runId) => keepAttempts(world, kept, runId));
  await inParallel([...new Set(states.map(({ period }) => period))], READS_AT_ONCE, async (period) => {
    const pointer = await world.additions.find(period);
    const ids = retiredInUse(pointer, since).map(({ id }) => id);
    for (const uuid of pointer ? [pointer.uuid, ...ids] : []) kept.attempts.add(uuid);
  });
  for (const id of states.flatMap(deliveriesOf)) kept.deliveries.add(id);
  return kept;
}

/** The deliveries that a period's runs read, or may come to read. */
export function deliveriesOf({
  wanted,
  published,
  earlier = [],
}: Pick<PeriodState, 'wanted' | 'published' | 'earlier'>): readonly string[] {
  return [wanted, ...(published ? [published] : []), ...earlier].map(({ deliveryId }) => deliveryId);
}

/** Whether something refers to what lies there; of deliveries that depends on more (`sweep-lake.ts`). */
export function isKept(kept: Kept, place: SweptPlace): boolean {
  switch (place.of) {
    case 'attempt':
      return kept.attempts.has(place.uuid);
    case 'run':
      if (kept.runsAtWork.has(place.runId)) return true;
      return place.split === undefined
        ? kept.runs.has(place.runId)
        : kept.splits.has(splitName(place.runId, place.split));
    case 'delivery':
      return false;
  }
}

interface Keeping {
  readonly attempts: Set<string>;
  readonly runs: Set<string>;
  readonly runsAtWork: Set<string>;
  readonly splits: Set<string>;
  readonly deliveries: Set<string>;
}

function splitName(runId: string, attempt: string): string {
  return `${runId}/${attempt}`;
}

function secondsBefore(clock: Clock, seconds: number): string {
  return new Date(clock.now().getTime() - seconds * 1000).toISOString();
}

/** Runs at work, and those that were quarantined lately. */
async function runsInUse({ runs, clock }: KeptWorld): Promise<readonly Run[]> {
  const since = secondsBefore(clock, QUARANTINED_DAYS * 86_400);
  const found: Run[] = [];
  let cursor: string | undefined;
  do {
    const page = await runs.list({ limit: RUNS_PAGE, ...(cursor === undefined ? {} : { cursor }) });
    const lately = page.items.filter(({ startedAt }) => startedAt > since);
    found.push(...lately.filter(({ status }) => status === 'Running' || status === 'Quarantined'));
    cursor = lately.length < page.items.length ? undefined : page.cursor;
  } while (cursor !== undefined);
  return found;
}

function keepPublication(kept: Keeping, { lists }: Publication): void {
  for (const key of lists.flatMap(({ keys }) => keys)) {
    const place = sweptPlaceOf(key);
    if (place?.of !== 'attempt') throw new Error(`${key} is published and is no result`);
    kept.attempts.add(place.uuid);
  }
}

/** The run’s own folder, and the split that it was priced from. */
async function keepRun({ lake }: KeptWorld, kept: Keeping, runId: string): Promise<void> {
  kept.runs.add(runId);
  const found = await lake.readText(LAKE.storedSplit(runId));
  if (found === undefined) return;
  const split = StoredSplit.parse(JSON.parse(found.text));
  kept.splits.add(splitName(split.runId, split.attempt));
}

/** All that a run’s workers have written, whichever of it will count, and what they read. */
async function keepAttempts(world: KeptWorld, kept: Keeping, runId: Run['id']): Promise<void> {
  kept.runsAtWork.add(runId);
  const folder = LAKE.shardList(runId, '').replace(/\.json$/, '');
  for await (const page of world.sweep.pages(folder))
    for (const { key } of page) kept.attempts.add(key.slice(folder.length).replace(/\.json$/, ''));
  const plan = await world.lake.readText(LAKE.plan(runId));
  const split = plan && Planned.parse(JSON.parse(plan.text)).split;
  if (split) kept.splits.add(splitName(split.runId, split.attempt));
  const deliveryId = (await world.runs.find(runId))?.deliveryId;
  if (deliveryId) kept.deliveries.add(deliveryId);
}
