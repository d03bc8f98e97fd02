import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { inParallel } from '../in-parallel.ts';
import { writeList } from '../write-list.ts';
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
 * that only runs before it had. May be done again at any time. `'moved'` as soon as the pointer is another run's,
 * also where it came to be that over the last write.
 */
export async function writeLists(
  { periods, lake }: WriteListsWorld,
  { runId, integrationId, period, lists }: Publication,
  ownersBefore: readonly string[],
): Promise<'written' | 'moved'> {
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
  const isCurrent = async () => (await periods.find(integrationId, period))?.published?.runId === runId;
  const outcomes = await inParallel(changes, WRITES_AT_ONCE, ([key, text]) =>
    writeList(lake, { key, text }, isCurrent),
  );
  return outcomes.includes('moved') || !(await isCurrent()) ? 'moved' : 'written';
}
