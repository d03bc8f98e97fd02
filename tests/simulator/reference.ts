import { LAKE } from '../../lib/names/lake-keys.ts';
import { DeliveredBill } from '../../lib/sources/delivered-bill.ts';
import type { Content, EXPORTS, FILES } from './bills.ts';
import { Landings } from './landings.ts';
import type { Published } from './published.ts';
import { type Hall, prepare, toQuiet } from './sequence.ts';
import { World } from './world.ts';

/** A delivery that a period wants in the end, with the bytes that were frozen for it. */
export interface Wanted {
  readonly integration: typeof FILES | typeof EXPORTS;
  readonly content: Content;
}

/** What another world with the same configuration publishes of the same bills when nothing goes wrong. */
export async function referenceOf(
  hall: Hall,
  end: { readonly world: World; readonly wanted: readonly Wanted[] },
): Promise<Published> {
  const world = new World(hall, { seed: 'reference', faults: [] });
  await prepare(world);
  world.tables.copy(end.world.tables, end.world.outside.registryTable);
  const landings = new Landings(world, hall.bills);
  for (const { integration, content } of end.wanted) {
    landings.land(integration, content);
    let isOver = false;
    world.scheduler.after(30_000, () => {
      isOver = true;
    });
    await world.scheduler.run(() => isOver);
  }
  const problems = await toQuiet(world);
  if (problems.length > 0) throw new Error(`the undisturbed world: ${problems.join('; ')}`);
  return await hall.reader.read(world);
}

/** The bytes of a registered delivery's files as they were frozen. */
export function frozenContent(world: World, deliveryId: string): Content {
  const text = world.lake.bytes(LAKE.delivery(deliveryId))?.toString('utf8');
  const bill = DeliveredBill.parse(JSON.parse(text ?? 'null'));
  const files = bill.files.map(({ sourceKey, sourceVersionId }) => {
    const bytes = world.landing.bytes(sourceKey, sourceVersionId ?? undefined);
    if (bytes === undefined) throw new Error(`${sourceKey} is not in the landing bucket`);
    return { name: sourceKey.split('/').at(-1) ?? '', bytes };
  });
  return { name: deliveryId, periods: bill.periods.map(({ period }) => period), files };
}
