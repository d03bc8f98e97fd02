import { createHash } from 'node:crypto';
import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { DeliveredBill } from '../../lib/sources/delivered-bill.ts';
import type { Content, EXPORTS, FILES } from './bills.ts';
import { Landings } from './landings.ts';
import { makeEdit } from './make-edit.ts';
import { openMemoryTable } from './open-memory-table.ts';
import { Partner } from './partner.ts';
import type { Published } from './published.ts';
import { recordsOf } from './records.ts';
import { type Hall, prepare, toQuiet } from './sequence.ts';
import { World } from './world.ts';

/** A delivery that a period wants in the end, with the bytes that were frozen for it. */
export interface Wanted {
  readonly integration: typeof FILES | typeof EXPORTS;
  readonly content: Content;
}

/** Long enough for a bill to be registered. */
const SECONDS_BETWEEN = 30;

/** How a sequence has ended: its configuration, and the bills that are wanted, the oldest first. */
export interface End {
  readonly world: World;
  readonly wanted: readonly Wanted[];
}

/**
 * What another world with the same configuration publishes of the same bills when nothing goes wrong; played once for
 * each configuration and bills that there are.
 */
export async function referenceOf(hall: Hall, end: End): Promise<Published> {
  const name = await nameOf(end);
  const known = hall.references.get(name);
  if (known !== undefined) return known;
  const published = await undisturbed(hall, end);
  hall.references.set(name, published);
  return published;
}

/** All that prices depend on; who made a rule and when is none of it. */
async function nameOf({ world, wanted }: End): Promise<string> {
  const { settings, customers, assignments, rules } = await dynamoDbPartnerConfigReader(
    openMemoryTable(world.outside.registryTable, world.tables),
  ).read();
  const hash = createHash('sha256').update(
    JSON.stringify({
      ...{ customers, settings: { ...settings, version: 0 } },
      assignments: assignments.map((assignment) => ({ ...assignment, version: 0 })),
      rules: rules.map(({ id, version, order, rule }) => ({ id, version, order, rule })),
    }),
  );
  for (const { integration, content } of wanted)
    for (const { name, bytes } of content.files) hash.update(JSON.stringify([integration, name])).update(bytes);
  return hash.digest('hex');
}

async function undisturbed(hall: Hall, end: End): Promise<Published> {
  const world = new World(hall, { seed: 'reference', faults: [] });
  await prepare(world);
  world.tables.copy(end.world.tables, end.world.outside.registryTable);
  const landings = new Landings(world, hall.bills);
  const partner = new Partner(world);
  for (const { integration, content } of end.wanted) {
    landings.land(integration, content);
    await pass(world, SECONDS_BETWEEN);
    // A bare file of another name is held there too, and was released here.
    if ((await recordsOf(world)).deliveries.every(({ status }) => status !== 'Held')) continue;
    void makeEdit(partner, { kind: 'release', variant: 0 });
    await pass(world, SECONDS_BETWEEN);
  }
  const problems = await toQuiet(world);
  if (problems.length > 0) throw new Error(`the undisturbed world: ${problems.join('; ')}`);
  return await hall.reader.read(world);
}

async function pass(world: World, seconds: number): Promise<void> {
  let isOver = false;
  world.scheduler.after(seconds * 1000, () => {
    isOver = true;
  });
  await world.scheduler.run(() => isOver);
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
