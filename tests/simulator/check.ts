import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { AdditionsPointer } from '../../lib/domain/additions-pointer.ts';
import { additionsChangedSince, type ConfigHistory } from '../../lib/domain/config-history.ts';
import { Delivery } from '../../lib/domain/delivery.ts';
import { isAhead } from '../../lib/domain/is-ahead.ts';
import { PeriodState } from '../../lib/domain/period-state.ts';
import { Run } from '../../lib/domain/run.ts';
import type { Landing, Landings } from './landings.ts';
import { openMemoryTable } from './open-memory-table.ts';
import type { Published, PublishedReader } from './published.ts';
import { frozenContent, type Wanted } from './reference.ts';
import type { World } from './world.ts';

/** Everything on record in a world. */
export interface Records {
  readonly periods: readonly PeriodState[];
  readonly runs: readonly Run[];
  readonly deliveries: readonly Delivery[];
  readonly additions: readonly AdditionsPointer[];
  readonly config: ConfigHistory;
}

export async function recordsOf({ tables, outside }: World): Promise<Records> {
  const items = tables.items(outside.runsTable).filter(({ sk }) => sk === 'STATE');
  const of = (prefix: string) => items.filter(({ pk }) => String(pk).startsWith(prefix));
  const registry = { ...openMemoryTable(outside.registryTable, tables) };
  return {
    periods: of('PERIOD#').map((item) => PeriodState.parse(item)),
    runs: of('RUN#').map((item) => Run.parse(item)),
    deliveries: of('DELIVERY#').map((item) => Delivery.parse(item)),
    additions: of('ADDITIONS#').map((item) => AdditionsPointer.parse(item)),
    config: await dynamoDbPartnerConfigReader(registry).history(),
  };
}

/** Faults that may end a run or a delivery; each at most once. */
const MAY_END: ReadonlySet<string> = new Set([
  'crash',
  'call',
  'pause',
  'worker',
  'message',
  'query',
  'task',
  'abort',
  'end_event',
]);

/**
 * Holds what has not come to its end against the faults that there were, before they are taken away. Answers what no
 * fault explains, and what has to be delivered again because a fault ended it with a reason.
 */
export async function explained(
  world: World,
  landings: Landings,
): Promise<{
  readonly unexplained: readonly string[];
  readonly again: readonly Pick<Landing, 'integration' | 'content'>[];
}> {
  const { periods, runs, deliveries, config } = await recordsOf(world);
  const unexplained: string[] = [];
  const faults = world.faults.map(({ kind }) => kind);
  const spoiled = faults.some((kind) => kind === 'landing' || kind === 'result_altered');
  const ended = [...runs, ...deliveries].filter(({ status }) => status === 'Failed').length;
  const endings = faults.filter((kind) => MAY_END.has(kind)).length;
  if (ended > endings && !spoiled) unexplained.push(`${ended} runs and deliveries failed of ${endings} faults`);
  for (const { id, status, reason } of [...runs, ...deliveries])
    if (status === 'Quarantined' && !spoiled) unexplained.push(`${id} is quarantined: ${JSON.stringify(reason)}`);
  const again = new Map<Landing['integration'], Landing>();
  const newest = new Map<string, Landing>();
  for (const landing of landings.all)
    for (const period of landing.content.periods) {
      const name = `${landing.integration} ${period}`;
      if ((newest.get(name)?.order ?? '') < landing.order) newest.set(name, landing);
    }
  for (const [name, landing] of newest) {
    const record = deliveries.find(({ id }) => id === landing.deliveryId);
    const isLost = landing.isEventLost || world.faults.some(isLostIntake);
    if (record === undefined && !isLost) unexplained.push(`nothing is known of ${landing.deliveryId} for ${name}`);
    const status = record?.status ?? 'Lost';
    if (status === 'Lost' || status === 'Failed' || status === 'Quarantined' || (status === 'Ignored' && spoiled))
      again.set(landing.integration, landing);
  }
  for (const state of periods) {
    if (!isAhead(state, config)) continue;
    const tried = runs.filter(
      (run) =>
        run.period === state.period &&
        run.integrationId === state.integrationId &&
        run.deliveryId === state.wanted.deliveryId,
    );
    const failed = tried.filter(({ status }) => status === 'Failed').length;
    const name = `${state.integrationId} ${state.period}`;
    if (failed < 3 && !tried.some(({ status }) => status === 'Quarantined'))
      unexplained.push(`${name} wants what is not published, and nobody tries: ${tried.map(({ status }) => status)}`);
    const landing = newest.get(name) ?? landings.all.find(({ integration }) => integration === state.integrationId);
    if (landing) again.set(landing.integration, landing);
  }
  return { unexplained, again: [...again.values()] };
}

function isLostIntake(fault: World['faults'][number]): boolean {
  return fault.kind === 'message' && fault.queue === 'intake' && fault.how === 'lost';
}

/** What must hold once nothing goes wrong any more and nothing changes. */
export async function checkEnd(
  world: World,
  landings: Landings,
  reader: PublishedReader,
  referenceOf: (end: { world: World; wanted: readonly Wanted[] }) => Promise<Published>,
): Promise<readonly string[]> {
  const found: string[] = [];
  const { periods, runs, deliveries, additions, config } = await recordsOf(world);
  if (world.wasBusyAtTick) found.push('something is still under way');
  for (const { id, status } of runs) if (status === 'Running') found.push(`${id} never ended`);
  for (const { id, status } of deliveries) if (status === 'Receiving') found.push(`${id} never ended`);
  for (const run of runs)
    if ((run.status === 'Failed' || run.status === 'Quarantined') && run.reason === null)
      found.push(`${run.id} is ${run.status} without a reason`);
  for (const state of periods) {
    const name = `${state.integrationId} ${state.period}`;
    if (state.lease !== null) found.push(`${name} is leased to ${state.lease.runId}`);
    if (isAhead(state, config)) found.push(`${name} wants what is not published`);
    found.push(...newestIsWanted(state, landings, deliveries));
  }
  found.push(...additionsMatch(periods, additions, config));
  if (found.length > 0) return found;
  const wanted = wantedOf(world, periods);
  return sameRows(await reader.read(world), await referenceOf({ world, wanted }));
}

/** The content that is wanted is that of the newest bill that was taken in, by when it was made. */
function newestIsWanted(state: PeriodState, landings: Landings, deliveries: readonly Delivery[]): readonly string[] {
  const taken = landings.all
    .filter(({ integration, content }) => integration === state.integrationId && content.periods.includes(state.period))
    .filter(({ deliveryId }) =>
      deliveries.some(
        ({ id, status }) => id === deliveryId && ['Registered', 'Ignored', 'Superseded'].includes(status),
      ),
    )
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  const newest = taken.at(-1);
  const wanted = landings.all.find(({ deliveryId }) => deliveryId === state.wanted.deliveryId);
  if (newest === undefined || wanted?.content === newest.content) return [];
  return [
    `${state.integrationId} ${state.period} wants ${wanted?.content.name}, and the newest bill is ${newest.content.name}`,
  ];
}

function additionsMatch(
  periods: readonly PeriodState[],
  additions: readonly AdditionsPointer[],
  config: ConfigHistory,
): readonly string[] {
  return [...Map.groupBy(periods, ({ period }) => period)].flatMap(([period, states]) => {
    const sources = states
      .flatMap(({ integrationId, published }) => (published ? [{ integrationId, runId: published.runId }] : []))
      .sort((one, other) => (one.integrationId < other.integrationId ? -1 : 1));
    const pointer = additions.find((one) => one.period === period);
    if (sources.length === 0) return [];
    if (pointer === undefined) return [`the additions of ${period} were never priced`];
    const isOf = JSON.stringify(pointer.sources) === JSON.stringify(sources);
    if (!isOf) return [`the additions of ${period} are of other runs than those published`];
    const isBehind = additionsChangedSince(config, pointer.configRevision, period);
    return isBehind ? [`the additions of ${period} are of an older configuration`] : [];
  });
}

/** The bills that are wanted in the end, oldest first, each once. */
function wantedOf(world: World, periods: readonly PeriodState[]): readonly Wanted[] {
  const byDelivery = new Map(
    periods.map(({ wanted, integrationId }) => [wanted.deliveryId, { wanted, integrationId }]),
  );
  return [...byDelivery.values()]
    .sort((one, other) => (one.wanted.deliverySeq < other.wanted.deliverySeq ? -1 : 1))
    .map(({ wanted, integrationId }) => ({
      integration: integrationId as string as Wanted['integration'],
      content: frozenContent(world, wanted.deliveryId),
    }));
}

/** Rows by value, list by list. */
function sameRows(published: Published, reference: Published): readonly string[] {
  const found: string[] = [];
  for (const key of new Set([...published.keys(), ...reference.keys()])) {
    const [got, expected] = [published.get(key), reference.get(key)];
    if (expected === undefined) found.push(`${key} is published, and should not be`);
    else if (got === undefined) found.push(`${key} is not published`);
    else if (JSON.stringify(got) !== JSON.stringify(expected))
      found.push(`${key} has ${got.length} rows that are not the ${expected.length} of the undisturbed run`);
  }
  return found;
}
