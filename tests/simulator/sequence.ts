import { readFileSync, writeFileSync } from 'node:fs';
import { dynamoDbCustomerStore } from '../../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbIntegrationStore } from '../../lib/adapters/dynamodb/registry/integration-store.ts';
import { IntegrationId } from '../../lib/domain/ids.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { type Bills, EXPORTS, FILES } from './bills.ts';
import { checkEnd } from './check.ts';
import { CUSTOMERS } from './edits.ts';
import { explained } from './explained.ts';
import type { Fault } from './faults.ts';
import { watch } from './invariants.ts';
import { Landings } from './landings.ts';
import { listsBesidePointers } from './lists-of-pointers.ts';
import { makeEdit } from './make-edit.ts';
import { mend, releaseHeld } from './mend.ts';
import type { Occurrences } from './occurrences.ts';
import { Partner } from './partner.ts';
import type { Plan } from './plan.ts';
import type { Planted } from './planted-bug.ts';
import type { Published, PublishedReader } from './published.ts';
import { recordsOf } from './records.ts';
import { referenceOf } from './reference.ts';
import { schedule } from './schedule.ts';
import { type Workshop, World } from './world.ts';

/** What a process has made once for all its sequences. */
export interface Hall extends Workshop {
  readonly bills: Bills;
  readonly reader: PublishedReader;
  readonly references: Map<string, Published>;
}

/** How a sequence went. */
export interface Outcome {
  /** Empty where everything holds. */
  readonly broken: readonly string[];
  readonly occurrences: Occurrences;
  readonly events: number;
  readonly runs: number;
}

/** Quiet for this many rounds of the schedule, with nothing changed: nothing will change any more. */
const QUIET_TICKS = 4;
const LONGEST_HOURS = 72;

/** Plays a sequence to its end and holds it against what must be. */
export async function play(
  hall: Hall,
  plan: Plan,
  { planted = {}, trace }: { readonly planted?: Planted; readonly trace?: (line: string) => void } = {},
): Promise<Outcome> {
  const faults = [...plan.faults];
  const altered = altering(faults, () => world.occurrences.note('result file altered'));
  const lakeOf: NonNullable<Planted['lakeOf']> = (store, invocation) => {
    const there = altered(store, invocation);
    return planted.lakeOf?.(there, invocation) ?? there;
  };
  const world: World = new World(hall, {
    ...{ seed: `sequence ${plan.seed}`, faults, planted: { ...planted, lakeOf } },
    ...(trace ? { trace } : {}),
  });
  const broken = watch(world);
  const landings = new Landings(world, hall.bills);
  const partner = new Partner(world);
  const played = { world, landings, partner };
  const found: string[] = [];
  try {
    await prepare(world);
    schedule(played, plan);
    found.push(...(await toQuiet(world)));
    if ((await recordsOf(world)).periods.some(({ pinned }) => pinned)) {
      void makeEdit(partner, { kind: 'unpin', variant: 0 });
      found.push(...(await toQuiet(world)));
    }
    const { unexplained, ended } = await explained(world, landings);
    found.push(...unexplained, ...listsBesidePointers(world, (await recordsOf(world)).periods));
    faults.length = 0;
    const landedBefore = landings.all.length;
    mend(played, ended);
    found.push(...(await toQuiet(world)));
    if (await releaseHeld(world, partner, landings.all.slice(landedBefore))) found.push(...(await toQuiet(world)));
    found.push(...(await checkEnd(world, landings, hall.reader, (end) => referenceOf(hall, end))));
  } catch (error) {
    found.push(`the simulation itself broke: ${error instanceof Error ? error.stack : error}`);
  }
  const runs = world.machines.records.size;
  return {
    broken: [...broken, ...partner.found, ...found],
    occurrences: world.occurrences,
    events: world.scheduler.happened,
    runs,
  };
}

/** Customers and integrations are there before the first bill. */
export async function prepare(world: World): Promise<void> {
  await world.setUp(async ({ registry }) => {
    for (const customer of CUSTOMERS) await dynamoDbCustomerStore(registry).add(customer);
    for (const id of [FILES, EXPORTS])
      await dynamoDbIntegrationStore(registry).add({
        ...{ id: IntegrationId.parse(id), name: id, format: 'focus', createdAt: '2025-01-01T00:00:00Z', version: 1 },
        delivery: id === FILES ? 'files' : 'data_exports',
      });
  });
}

/** A store in which the n-th result file lies otherwise than it was sent: with the rows of the one before of its table. */
function altering(faults: readonly Fault[], note: () => void): NonNullable<Planted['lakeOf']> {
  const kindOf = (key: string) => /^(results|partner\/\w+)\//.exec(key)?.[1];
  const before = new Map<string, Buffer>();
  let uploads = 0;
  return (store: ObjectStore, invocation) => {
    return {
      ...store,
      upload: async (key, path) => {
        const kind = kindOf(key);
        if (kind === undefined || invocation.functionName !== 'price-shard') return await store.upload(key, path);
        const number = uploads++;
        const other = before.get(kind);
        before.set(kind, readFileSync(path));
        const isAltered = faults.some((fault) => fault.kind === 'result_altered' && fault.upload === number);
        if (!isAltered || other === undefined) return await store.upload(key, path);
        note();
        writeFileSync(`${path}.other`, other);
        return await store.upload(key, `${path}.other`);
      },
    };
  };
}

/** Lets the world run until nothing changes any more. */
export async function toQuiet(world: World): Promise<readonly string[]> {
  const end = world.scheduler.now() + LONGEST_HOURS * 3_600_000;
  let tick = world.events.ticks;
  let quietTicks = 0;
  let changes = -1;
  const outcome = await world.scheduler.run(() => {
    if (world.scheduler.now() > end) return true;
    if (world.events.ticks === tick) return false;
    tick = world.events.ticks;
    quietTicks = !world.wasBusyAtTick && world.tables.changes === changes ? quietTicks + 1 : 0;
    changes = world.tables.changes;
    return quietTicks >= QUIET_TICKS;
  });
  if (outcome === 'over' && quietTicks >= QUIET_TICKS) return [];
  return [`the world was not quiet after ${LONGEST_HOURS} hours`];
}
