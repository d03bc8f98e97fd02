import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { inParallel } from '../in-parallel.ts';
import type { Publication } from './publication.ts';
import { ResultTable } from './shard-list.ts';

/** What writing the lists reaches outside. */
export interface WriteListsWorld {
  readonly periods: Pick<PeriodStore, 'find'>;
  readonly lake: ObjectStore;
}

const WRITES_AT_ONCE = 16;

/**
 * Brings the published lists to what the pointer says: a list per table and owner of `publication`, and none for owners
 * that only runs before it had. May be done again at any time. `'moved'` as soon as the pointer is another run's.
 *
 * The list's ETag is read before the pointer: a publisher that has been overtaken either sees the pointer moved, or its
 * write fails on the newer list's ETag.
 */
export async function writeLists(
  world: WriteListsWorld,
  publication: Publication,
  ownersBefore: readonly string[],
): Promise<'written' | 'moved'> {
  const { integrationId, period, lists } = publication;
  const { lake } = world;
  const keyOf = (table: ResultTable, owner: string) => LAKE.publishedList(table, owner, period, integrationId);
  const texts = new Map(
    lists.map(({ table, owner, keys }) => [
      keyOf(table, owner),
      keys.map((key) => `s3://${lake.bucket}/${key}\n`).join(''),
    ]),
  );
  const owners = [...new Set([...ownersBefore, ...lists.map(({ owner }) => owner)])];
  const gone = ResultTable.options.flatMap((table) => owners.map((owner) => keyOf(table, owner)));
  const changes = [
    ...texts.entries(),
    ...gone.filter((key) => !texts.has(key)).map((key): [string, string | undefined] => [key, undefined]),
  ];
  const outcomes = await inParallel(changes, WRITES_AT_ONCE, ([key, text]) => writeList(world, publication, key, text));
  return outcomes.includes('moved') ? 'moved' : 'written';
}

async function writeList(
  { periods, lake }: WriteListsWorld,
  { runId, integrationId, period }: Publication,
  key: string,
  text: string | undefined,
): Promise<'written' | 'moved'> {
  for (;;) {
    const before = await lake.head(key);
    const state = await periods.find(integrationId, period);
    if (state?.published?.runId !== runId) return 'moved';
    if (before === undefined && text === undefined) return 'written';
    const outcome =
      text === undefined
        ? await lake.delete(key, before?.etag)
        : await lake.writeText(key, text, before === undefined ? { ifAbsent: true } : { ifMatch: before.etag });
    if (outcome !== 'precondition_failed') return 'written';
  }
}
