import type { Asks } from '../../ports/asks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { Publication } from './publication.ts';
import { type WriteListsWorld, writeLists } from './write-lists.ts';

/** What follows on a moved pointer, and what it reaches outside. */
export interface FinishPublicationWorld extends WriteListsWorld {
  readonly runs: Pick<RunStore, 'update'>;
  readonly asks: Pick<Asks, 'priceAdditions'>;
  readonly clock: Clock;
}

/**
 * Everything after the pointer has moved: lists, additions, the run's record. Whoever finds a publish that died half-way
 * does this again. `'moved'` where a newer run's pointer stands: its own lists are the ones that count.
 */
export async function finishPublication(
  world: FinishPublicationWorld,
  publication: Publication,
  ownersBefore: readonly string[],
): Promise<'written' | 'moved'> {
  const outcome = await writeLists(world, publication, ownersBefore);
  await world.asks.priceAdditions(publication.period);
  await world.runs.update(publication.runId, { status: 'Published', endedAt: world.clock.now().toISOString() });
  return outcome;
}
