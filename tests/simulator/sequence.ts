import { readFileSync, writeFileSync } from 'node:fs';
import { dynamoDbCustomerStore } from '../../lib/adapters/dynamodb/registry/customer-store.ts';
import { dynamoDbIntegrationStore } from '../../lib/adapters/dynamodb/registry/integration-store.ts';
import { IntegrationId } from '../../lib/domain/ids.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { type Bills, EXPORTS, FILES } from './bills.ts';
import { checkEnd, explained } from './check.ts';
import { CUSTOMERS, makeEdit } from './edits.ts';
import type { Fault } from './faults.ts';
import { watch } from './invariants.ts';
import { Landings } from './landings.ts';
import type { Occurrences } from './occurrences.ts';
import type { Plan } from './plan.ts';
import type { PublishedReader } from './published.ts';
import { referenceOf } from './reference.ts';
import { type Planted, type Workshop, World } from './world.ts';

/** What a process has made once for all its sequences. */
export interface Hall extends Workshop {
  readonly bills: Bills;
  readonly reader: PublishedReader;
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
  const found: string[] = [];
  try {
    await prepare(world);
    schedule(world, landings, plan);
    found.push(...(await toQuiet(world)));
    const { unexplained, again } = await explained(world, landings);
    found.push(...unexplained);
    faults.length = 0;
    for (const { integration, content } of again) {
      world.trace(`-- the provider delivers ${content.name} again`);
      landings.land(integration, content);
    }
    found.push(...(await toQuiet(world)));
    found.push(...(await checkEnd(world, landings, hall.reader, (end) => referenceOf(hall, end))));
  } catch (error) {
    found.push(`the simulation itself broke: ${error instanceof Error ? error.stack : error}`);
  }
  const runs = world.machines.records.size;
  return { broken: [...broken, ...found], occurrences: world.occurrences, events: world.scheduler.happened, runs };
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

/** Puts what the plan says into the world's future. */
function schedule(world: World, landings: Landings, plan: Plan): void {
  const { scheduler, occurrences } = world;
  for (const delivery of plan.deliveries)
    scheduler.after(delivery.atSeconds * 1000, () => {
      landings.land(delivery.integration, landings.contentOf(delivery.integration, delivery.content), delivery);
    });
  for (const { edit, atSeconds } of plan.edits)
    scheduler.after(atSeconds * 1000, () => {
      if (world.machines.running('SplitBill').length > 0) occurrences.note(`${edit.kind} edited during a run`);
      void world.run('api', edit, (ports) => makeEdit(ports, edit));
    });
  for (const fault of plan.faults) {
    if (fault.kind === 'landing') scheduleLanding(world, landings, plan, fault);
    if (fault.kind === 'abort') scheduleAbort(world, fault);
  }
}

function scheduleLanding(
  world: World,
  landings: Landings,
  plan: Plan,
  { how, delivery, seconds }: Extract<Fault, { kind: 'landing' }>,
): void {
  const planned = plan.deliveries[delivery];
  if (planned?.integration !== EXPORTS) return;
  world.scheduler.after((planned.atSeconds + seconds) * 1000, () => {
    const landing = landings.all.filter(({ integration }) => integration === EXPORTS).at(-1);
    const [key] = landing?.keys ?? [];
    if (key === undefined) return;
    world.occurrences.note(`delivered file ${how}`);
    world.trace(`! ${key} ${how}`);
    const other = landings.contentOf(EXPORTS, 1).files[1];
    if (how === 'removed') world.landing.remove(key);
    else if (other) world.landing.put(key, other.bytes);
  });
}

/** Counts executions of SplitBill from their start. */
function scheduleAbort(world: World, { execution, seconds }: Extract<Fault, { kind: 'abort' }>): void {
  const look = (sinceSeconds: number) => {
    const record = [...world.machines.records.values()].filter(({ name }) => name.startsWith('run_'))[execution];
    const isDue = record !== undefined && world.scheduler.now() - record.startDate >= seconds * 1000;
    if (isDue && record.status === 'RUNNING') {
      world.occurrences.note('execution aborted');
      world.trace(`! an operator stops ${record.name}`);
      world.machines.stop(record.executionArn);
    }
    if (!isDue && sinceSeconds < 3600) world.scheduler.after(1000, () => look(sinceSeconds + 1));
  };
  look(0);
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
  let tick = world.ticks;
  let quietTicks = 0;
  let changes = -1;
  const outcome = await world.scheduler.run(() => {
    if (world.scheduler.now() > end) return true;
    if (world.ticks === tick) return false;
    tick = world.ticks;
    quietTicks = !world.wasBusyAtTick && world.tables.changes === changes ? quietTicks + 1 : 0;
    changes = world.tables.changes;
    return quietTicks >= QUIET_TICKS;
  });
  if (outcome === 'over' && quietTicks >= QUIET_TICKS) return [];
  return [`the world was not quiet after ${LONGEST_HOURS} hours`];
}
