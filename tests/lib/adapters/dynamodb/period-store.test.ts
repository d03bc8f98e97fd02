import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoDbPeriodStore } from '../../../../lib/adapters/dynamodb/runs/period-store.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../../lib/domain/ids.ts';
import type { PeriodStore } from '../../../../lib/ports/period-store.ts';
import { openMemoryTable } from '../../../simulator/open-memory-table.ts';
import { type OpenTable, openTable } from './open-table.ts';

const PERIOD = BillingPeriod.parse('2025-03');
const deliveryId = (digit: string) => DeliveryId.parse(`dlv_${digit.repeat(40)}`);
const runId = (digit: string) => RunId.parse(`run_${digit.repeat(40)}`);
const at = (minutes: number) => new Date(Date.UTC(2025, 3, 1, 0, minutes)).toISOString();

describe.each([
  { place: 'DynamoDB', open: () => openTable('runs') },
  { place: 'the simulator’s tables', open: async () => openMemoryTable('runs') },
])('Periods in $place', ({ open }) => {
  let table: OpenTable;
  let periods: PeriodStore;
  let integrations = 0;
  /** Each test works on a period of its own. */
  const fresh = async () => {
    integrations += 1;
    const integrationId = IntegrationId.parse(`acme-${integrations}`);
    await periods.raiseWanted(integrationId, PERIOD, { deliverySeq: '01', deliveryId: deliveryId('1') });
    return integrationId;
  };
  const holder = (run: RunId, now: number) => ({
    runId: run,
    executionArn: `arn:${run}`,
    now: at(now),
    expiresAt: at(now + 15),
  });
  const pointer = (run: RunId, seq: string, owners: string[]) => ({
    runId: run,
    deliverySeq: seq,
    deliveryId: deliveryId('1'),
    configRevision: 7,
    publishedAt: at(0),
    owners,
  });
  const leased = async (integrationId: IntegrationId, run: RunId, now: number) => {
    const taken = await periods.acquireLease(integrationId, PERIOD, holder(run, now));
    if (taken === 'busy') throw new Error('busy');
    return taken.lease;
  };

  beforeAll(async () => {
    table = await open();
    periods = dynamoDbPeriodStore(table);
  });
  afterAll(() => table.close());

  test('what was never delivered has no state', async () => {
    expect(await periods.find(IntegrationId.parse('nobody'), PERIOD)).toBeUndefined();
  });

  test('a newer delivery raises what is wanted, an equal or older one does not', async () => {
    const integrationId = await fresh();
    const wanted = (seq: string, digit: string) => ({ deliverySeq: seq, deliveryId: deliveryId(digit) });
    expect(await periods.raiseWanted(integrationId, PERIOD, wanted('03', '3'))).toBe(true);
    expect(await periods.raiseWanted(integrationId, PERIOD, wanted('03', '4'))).toBe(false);
    expect(await periods.raiseWanted(integrationId, PERIOD, wanted('02', '2'))).toBe(false);
    expect((await periods.find(integrationId, PERIOD))?.wanted).toEqual(wanted('03', '3'));
  });

  test('a newer delivery of the same content stands for the older, published or not, and nothing is behind by it', async () => {
    const newer = { deliverySeq: '02', deliveryId: deliveryId('2') };
    const unpublished = await fresh();
    expect(await periods.standIn(unpublished, PERIOD, newer, deliveryId('9'))).toBe(false);
    expect(await periods.standIn(unpublished, PERIOD, newer, deliveryId('1'))).toBe(true);
    expect(await periods.find(unpublished, PERIOD)).toMatchObject({ wanted: newer, published: null });
    const published = await fresh();
    const { fence } = await leased(published, runId('a'), 0);
    await periods.publish(published, PERIOD, { runId: runId('a'), fence }, pointer(runId('a'), '01', []));
    expect(await periods.standIn(published, PERIOD, newer, deliveryId('1'))).toBe(true);
    const state = await periods.find(published, PERIOD);
    expect(state).toMatchObject({ wanted: newer, published: { ...newer, runId: runId('a') } });
    const older = { deliverySeq: '01', deliveryId: deliveryId('1') };
    expect(await periods.standIn(published, PERIOD, older, deliveryId('2'))).toBe(false);
    const next = { deliverySeq: '03', deliveryId: deliveryId('3') };
    await periods.raiseWanted(published, PERIOD, next);
    const copy = { deliverySeq: '04', deliveryId: deliveryId('4') };
    expect(await periods.standIn(published, PERIOD, copy, deliveryId('3'))).toBe(true);
    expect(await periods.find(published, PERIOD)).toMatchObject({ wanted: copy, published: newer });
  });

  test('a delivery is wanted for all of its months as they were seen, or for none', async () => {
    const integrationId = await fresh();
    const wanted = (digit: string) => ({ deliverySeq: `0${digit}`, deliveryId: deliveryId(digit) });
    const APRIL = BillingPeriod.parse('2025-04');
    const both = (march: string, april: string | null) =>
      new Map([
        [PERIOD, wanted(march)],
        [APRIL, april === null ? null : wanted(april)],
      ]);
    const now = async () =>
      (await Promise.all([PERIOD, APRIL].map((period) => periods.find(integrationId, period)))).map(
        (state) => state?.wanted.deliverySeq,
      );
    expect(await periods.wantTogether(integrationId, wanted('3'), both('9', null))).toBe('wanted');
    expect(await now()).toEqual(['01', '03']);
    expect(await periods.wantTogether(integrationId, wanted('4'), both('1', null))).toBe('changed');
    expect(await periods.wantTogether(integrationId, wanted('4'), both('2', '3'))).toBe('changed');
    expect(await now()).toEqual(['01', '03']);
    expect(await periods.wantTogether(integrationId, wanted('4'), both('1', '3'))).toBe('wanted');
    expect(await now()).toEqual(['04', '04']);
  });

  test('deliveries that arrive at once leave the newest wanted', async () => {
    const integrationId = IntegrationId.parse('at-once');
    const seqs = ['01', '05', '03', '04', '02'];
    await Promise.all(
      seqs.map((deliverySeq) =>
        periods.raiseWanted(integrationId, PERIOD, { deliverySeq, deliveryId: deliveryId('1') }),
      ),
    );
    expect((await periods.find(integrationId, PERIOD))?.wanted.deliverySeq).toBe('05');
  });

  test('every period is listed, though nothing is scanned', async () => {
    const integrationId = await fresh();
    const listed = await periods.list();
    expect(listed.map((state) => state.integrationId)).toContain(integrationId);
    expect(new Set(listed.map((state) => `${state.integrationId} ${state.period}`)).size).toBe(listed.length);
  });

  test('two starts take two run numbers', async () => {
    const integrationId = await fresh();
    const numbers = await Promise.all([1, 2, 3].map(() => periods.nextRunNumber(integrationId, PERIOD)));
    expect(numbers.sort()).toEqual([1, 2, 3]);
  });

  test('of two runs that want the lease at once one gets it', async () => {
    const integrationId = await fresh();
    const taken = await Promise.all(
      ['a', 'b', 'c'].map((digit) => periods.acquireLease(integrationId, PERIOD, holder(runId(digit), 0))),
    );
    expect(taken.filter((outcome) => outcome !== 'busy')).toHaveLength(1);
  });

  test('a lease is taken again by its own run, and by another when it has run out; the fence grows each time', async () => {
    const integrationId = await fresh();
    const first = await leased(integrationId, runId('a'), 0);
    const again = await leased(integrationId, runId('a'), 1);
    expect(await periods.acquireLease(integrationId, PERIOD, holder(runId('b'), 10))).toBe('busy');
    const other = await leased(integrationId, runId('b'), 16);
    expect([again.fence - first.fence, other.fence - again.fence]).toEqual([1, 1]);
  });

  test('only the holder renews and releases', async () => {
    const integrationId = await fresh();
    await leased(integrationId, runId('a'), 0);
    expect(await periods.renewLease(integrationId, PERIOD, runId('b'), at(99))).toBe(false);
    expect(await periods.renewLease(integrationId, PERIOD, runId('a'), at(60))).toBe(true);
    await periods.releaseLease(integrationId, PERIOD, runId('b'));
    expect((await periods.find(integrationId, PERIOD))?.lease).toMatchObject({ runId: runId('a'), expiresAt: at(60) });
    await periods.releaseLease(integrationId, PERIOD, runId('a'));
    await periods.releaseLease(integrationId, PERIOD, runId('a'));
    expect((await periods.find(integrationId, PERIOD))?.lease).toBeNull();
  });

  test('the pointer moves under the lease’s own fence only', async () => {
    const integrationId = await fresh();
    const { fence } = await leased(integrationId, runId('a'), 0);
    const publish = (run: RunId, with_: number) =>
      periods.publish(integrationId, PERIOD, { runId: run, fence: with_ }, pointer(run, '01', ['cus_a']));
    expect(await publish(runId('a'), fence - 1)).toBe('fenced');
    expect(await publish(runId('b'), fence)).toBe('fenced');
    expect(await publish(runId('a'), fence)).toEqual({ ownersBefore: [] });
    expect((await periods.find(integrationId, PERIOD))?.published).toMatchObject({
      runId: runId('a'),
      owners: ['cus_a'],
    });
  });

  test('the pointer never goes back to an older delivery', async () => {
    const integrationId = await fresh();
    const first = await leased(integrationId, runId('a'), 0);
    await periods.publish(integrationId, PERIOD, first, pointer(runId('a'), '05', []));
    const second = await leased(integrationId, runId('b'), 20);
    expect(await periods.publish(integrationId, PERIOD, second, pointer(runId('b'), '04', []))).toBe('fenced');
    expect(await periods.publish(integrationId, PERIOD, second, pointer(runId('b'), '05', []))).not.toBe('fenced');
  });

  test('a publisher learns whose lists have to go, also when it asks again and when a run before it died half-way', async () => {
    const integrationId = await fresh();
    const publish = async (digit: string, now: number, owners: string[]) => {
      const lease = await leased(integrationId, runId(digit), now);
      return await periods.publish(integrationId, PERIOD, lease, pointer(runId(digit), '01', owners));
    };
    expect(await publish('a', 0, ['x', 'y', 'z'])).toEqual({ ownersBefore: [] });
    expect(await publish('b', 20, ['y', 'z'])).toEqual({ ownersBefore: ['x'] });
    expect(await publish('b', 40, ['y', 'z'])).toEqual({ ownersBefore: ['x'] });
    expect(await publish('c', 60, ['z'])).toEqual({ ownersBefore: ['y', 'x'] });
    expect(await publish('d', 80, ['x'])).toEqual({ ownersBefore: ['z', 'y'] });
  });
});
