import type { AdditionsPointer } from '../../domain/additions-pointer.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { inParallel } from '../in-parallel.ts';
import { type WantedList, writeList } from '../write-list.ts';
import { ADDED_COLUMNS } from './added-columns.ts';
import type { AdditionsFile } from './write-additions.ts';

const WRITES_AT_ONCE = 16;
/** The lists' name among those of the integrations. */
const SOURCE = 'additions';
const TABLES = Object.keys(ADDED_COLUMNS) as AdditionsFile['table'][];

/** Where a customer's file of a pricing lies. */
export function additionsKey(
  table: AdditionsFile['table'],
  customerId: string,
  { period, uuid }: Pick<AdditionsPointer, 'period' | 'uuid'>,
): string {
  const keyOf = table === 'waterfall' ? LAKE.waterfallFile : LAKE.chargesFile;
  return keyOf(customerId, period, uuid, 0);
}

/**
 * Brings the published lists to what the pointer says: one per table and customer with additions, none for customers that
 * only pricings before had. May be done again at any time; `'moved'` as soon as another pricing's pointer stands, also
 * where it came to stand over the last write: what had no list then may have one now that it must not have.
 */
export async function listAdditions(
  { additions, lake }: { additions: Pick<AdditionsStore, 'find'>; lake: ObjectStore },
  pointer: AdditionsPointer,
): Promise<'written' | 'moved'> {
  const { period, uuid, owners, ownersBefore } = pointer;
  const gone = ownersBefore.filter((owner) => !owners.includes(owner));
  const wanted = TABLES.flatMap((table): WantedList[] => [
    ...owners.map((owner) => ({
      key: LAKE.publishedList(table, owner, period, SOURCE),
      text: `s3://${lake.bucket}/${additionsKey(table, owner, pointer)}\n`,
    })),
    ...gone.map((owner) => ({ key: LAKE.publishedList(table, owner, period, SOURCE), text: undefined })),
  ]);
  const isCurrent = async () => (await additions.find(period))?.uuid === uuid;
  const outcomes = await inParallel(wanted, WRITES_AT_ONCE, (list) => writeList(lake, list, isCurrent));
  return outcomes.includes('moved') || !(await isCurrent()) ? 'moved' : 'written';
}
