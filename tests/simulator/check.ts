import type { AdditionsPointer } from '../../lib/domain/additions-pointer.ts';
import { additionsChangedSince, type ConfigHistory } from '../../lib/domain/config-history.ts';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { isAhead } from '../../lib/domain/is-ahead.ts';
import type { PeriodState } from '../../lib/domain/period-state.ts';
import { FILES } from './bills.ts';
import type { Landing, Landings } from './landings.ts';
import { listsBesidePointers } from './lists-of-pointers.ts';
import type { Published, PublishedReader } from './published.ts';
import { recordsOf } from './records.ts';
import { frozenContent, type Wanted } from './reference.ts';
import type { World } from './world.ts';

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
    if (state.pinned) found.push(`${name} is still pinned`);
    if (isAhead(state, config)) found.push(`${name} wants what is not published`);
    found.push(...newestIsWanted(state, landings, deliveries));
  }
  found.push(...listsBesidePointers(world, periods));
  found.push(...additionsMatch(periods, additions, config));
  if (found.length > 0) return found;
  const wanted = wantedOf(world, periods);
  return sameRows(await reader.read(world), await referenceOf({ world, wanted }));
}

/**
 * The content that is wanted is that of the newest bill that was taken in, by when it was made. A copy of a bare file under
 * another name is none: the file of the first name stays the bill, and what is released after that replaces it.
 */
function newestIsWanted(state: PeriodState, landings: Landings, deliveries: readonly Delivery[]): readonly string[] {
  const inOrder = landings.all
    .filter(({ integration, content }) => integration === state.integrationId && content.periods.includes(state.period))
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  const statusOf = ({ deliveryId }: Landing) => deliveries.find(({ id }) => id === deliveryId)?.status;
  const isRead = (landing: Landing) => ['Registered', 'Superseded'].includes(statusOf(landing) ?? '');
  const wanted = inOrder.find(({ deliveryId }) => deliveryId === state.wanted.deliveryId);
  const isTaken = (landing: Landing, place: number) => {
    // One that is released is wanted before its record says so.
    if (landing === wanted || isRead(landing)) return true;
    if (statusOf(landing) !== 'Ignored') return false;
    const copied = inOrder
      .slice(0, place)
      .findLast((earlier) => isRead(earlier) && earlier.content.name === landing.content.name);
    return landing.integration !== FILES || copied === undefined || copied.keys[0] === landing.keys[0];
  };
  const taken = inOrder.filter(isTaken);
  const newest = taken.at(-1);
  if (newest === undefined || wanted?.content.name === newest.content.name) return [];
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
    if (pointer.listsOwed) return [`the lists of the additions of ${period} were never written`];
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
