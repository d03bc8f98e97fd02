import type { Delivery } from '../../domain/delivery.ts';
import { DeliveryId } from '../../domain/ids.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectInfo } from '../../ports/object-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';
import { DeliveredBill } from '../../sources/delivered-bill.ts';
import { inParallel } from '../in-parallel.ts';
import { deliveriesOf, isKept, type Kept, type KeptWorld, readKept } from './kept.ts';
import { SWEPT_ROOTS, sweptPlaceOf } from './swept-place.ts';

/** What the sweeper reaches outside. */
export interface SweepLakeWorld extends KeptWorld {
  readonly periods: Pick<PeriodStore, 'list' | 'find'>;
  readonly deliveries: Pick<DeliveryStore, 'find'>;
  /** Told of every batch that is gone. */
  readonly onDeleted?: (objects: number) => void;
}

/** Counts of one pass. `unfinished`: its time was over; the next one goes on, for what is gone is not found again. */
export interface SweepLakeAnswer {
  readonly outcome: 'swept' | 'unfinished';
  readonly objectsSeen: number;
  readonly objectsDeleted: number;
  readonly bytesDeleted: number;
}

/** A function lives for 15 minutes; the page that is under way when this is over is brought to its end. */
const WORKS_SECONDS = 720;
const READS_AT_ONCE = 16;

/**
 * Deletes from the lake what no pointer, no run that can be gone back to, no run at work and no reader of yesterday refers
 * to (`architecture.md`, Storage), a page of objects at a time. It keeps no state: killed anywhere, the next pass does
 * the rest.
 */
export const sweepLake = (world: SweepLakeWorld) => async (): Promise<SweepLakeAnswer> => {
  const begun = world.clock.now().getTime();
  const oldest = new Date(begun - world.keptSeconds * 1000).toISOString();
  const kept = await readKept(world);
  const counts = { objectsSeen: 0, objectsDeleted: 0, bytesDeleted: 0 };
  for (const root of SWEPT_ROOTS) {
    for await (const page of world.sweep.pages(root)) {
      if (world.clock.now().getTime() - begun > WORKS_SECONDS * 1000) return { outcome: 'unfinished', ...counts };
      const doomed = await withoutTextsInUse(
        world,
        kept,
        page.filter((object) => mayGo(object, kept, oldest)),
      );
      await world.sweep.deleteAll(doomed.map(({ key }) => key));
      counts.objectsSeen += page.length;
      counts.objectsDeleted += doomed.length;
      counts.bytesDeleted += doomed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      if (doomed.length > 0) world.onDeleted?.(doomed.length);
    }
  }
  return { outcome: 'swept', ...counts };
};

/** What is younger may be the work of somebody whom nothing names yet. */
function mayGo({ key, lastModified }: ObjectInfo, kept: Kept, oldest: string): boolean {
  const place = sweptPlaceOf(key);
  return place !== undefined && lastModified !== undefined && lastModified < oldest && !isKept(kept, place);
}

/** Without the objects of deliveries that somebody reads, or may come to read. */
async function withoutTextsInUse(
  world: SweepLakeWorld,
  kept: Kept,
  objects: readonly ObjectInfo[],
): Promise<readonly ObjectInfo[]> {
  const places = objects.map(({ key }) => sweptPlaceOf(key));
  const ids = [...new Set(places.flatMap((place) => (place?.of === 'delivery' ? place.deliveryId : [])))];
  const used = await inParallel(ids, READS_AT_ONCE, (id) => usedTexts(world, kept, DeliveryId.parse(id)));
  return objects.filter((_, index) => {
    const place = places[index];
    if (place?.of !== 'delivery') return true;
    const texts = used[ids.indexOf(place.deliveryId)];
    return texts !== 'all' && (place.text === undefined || !texts?.has(place.text));
  });
}

const NO_TEXT: ReadonlySet<string> = new Set();

/** Whose Parquet of a delivery counts: `all` until it is known, none where nobody can come to want the delivery. */
async function usedTexts(world: SweepLakeWorld, kept: Kept, id: DeliveryId): Promise<ReadonlySet<string> | 'all'> {
  // One that is held becomes wanted when the partner releases it, however old it is, and wanted is raised before the
  // record says so: hence the record is read first, then what its periods want.
  const delivery = await world.deliveries.find(id);
  if (delivery?.status === 'Receiving') return 'all';
  if (delivery?.status !== 'Held' && !kept.deliveries.has(id) && !(await isWanted(world, delivery))) return NO_TEXT;
  const found = await world.lake.readText(LAKE.delivery(id));
  if (found === undefined) return 'all';
  const { files } = DeliveredBill.parse(JSON.parse(found.text));
  return new Set(
    files.flatMap(({ key }) => {
      const place = sweptPlaceOf(key);
      return place?.of === 'delivery' && place.text !== undefined ? [place.text] : [];
    }),
  );
}

async function isWanted({ periods }: SweepLakeWorld, delivery: Delivery | undefined): Promise<boolean> {
  if (delivery === undefined) return false;
  const { integrationId, id } = delivery;
  const states = await Promise.all(delivery.periods.map((period) => periods.find(integrationId, period)));
  return states.some((state) => state !== undefined && deliveriesOf(state).includes(id));
}
