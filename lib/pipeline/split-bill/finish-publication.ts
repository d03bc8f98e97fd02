import { LAKE } from '../../names/lake-keys.ts';
import type { Asks } from '../../ports/asks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { Publication } from './publication.ts';
import { readLakeJson } from './read-lake-json.ts';
import { type WriteListsWorld, writeLists } from './write-lists.ts';

/** What follows on a moved pointer, and what it reaches outside. */
export interface FinishPublicationWorld extends WriteListsWorld {
  readonly runs: Pick<RunStore, 'update'>;
  readonly asks: Pick<Asks, 'priceAdditions'>;
  readonly clock: Clock;
}

/**
 * Everything after the pointer has moved: lists, additions, the run's record. Whoever finds a publish that died half-way
 * does this again. `'moved'` where another run's pointer stands: its own lists are the ones that count.
 */
export async function finishPublication(
  world: FinishPublicationWorld,
  publication: Publication,
  ownersBefore: readonly string[],
): Promise<'written' | 'moved'> {
  const outcome = await writeLists(world, publication, ownersBefore);
  if (outcome === 'moved') await followPointer(world, publication);
  await world.asks.priceAdditions(publication.period);
  await world.runs.update(publication.runId, { status: 'Published', endedAt: world.clock.now().toISOString() });
  return outcome;
}

/**
 * Brings the lists to whatever the pointer says now. A writer that was overtaken may have made a list that was not there
 * when the other looked: where that one has none, nobody else would take it away.
 */
export async function followPointer(
  world: WriteListsWorld,
  { integrationId, period }: Pick<Publication, 'integrationId' | 'period'>,
): Promise<void> {
  for (;;) {
    const published = (await world.periods.find(integrationId, period))?.published;
    if (!published) return;
    const publication = await readLakeJson(world.lake, LAKE.publication(published.runId), Publication);
    if ((await writeLists(world, publication, published.ownersBefore ?? [])) === 'written') return;
  }
}
