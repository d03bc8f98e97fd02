import { describe, expect, test } from 'vitest';
import { DeliveryId, RunId } from '../../../../lib/domain/ids.ts';
import type { Run } from '../../../../lib/domain/run.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import type { Publication } from '../../../../lib/pipeline/split-bill/publication.ts';
import { publish } from '../../../../lib/pipeline/split-bill/publish.ts';
import { publishAgain } from '../../../../lib/pipeline/split-bill/publish-again.ts';
import { writeLists } from '../../../../lib/pipeline/split-bill/write-lists.ts';
import type { ObjectStore } from '../../../../lib/ports/object-store.ts';
import { customerId, INTEGRATION, PERIOD, type Splitting, splittingBills } from './splitting.ts';

const A = customerId('a');
const B = customerId('b');
const listKey = (owner: string) => LAKE.publishedList('customer_charges', owner, PERIOD, INTEGRATION);

/** A run that has taken the lease (the one before has run out) and is reconciled: its plan and publication lie in the lake. */
async function reconciled(world: Splitting, owners: readonly string[], deliverySeq = '01') {
  const { runId, executionArn } = world.want();
  const wanted = { deliverySeq, deliveryId: deliveryIdOf(deliverySeq) };
  await world.periods.raiseWanted(INTEGRATION, PERIOD, wanted);
  world.now = new Date(world.now.getTime() + 3_600_000);
  const taken = await world.periods.acquireLease(INTEGRATION, PERIOD, {
    runId,
    executionArn,
    now: world.now.toISOString(),
    expiresAt: new Date(world.now.getTime() + 60_000).toISOString(),
  });
  if (taken === 'busy') throw new Error('busy');
  const publication: Publication = {
    runId,
    integrationId: INTEGRATION,
    period: PERIOD,
    lists: owners.map((owner) => ({ table: 'customer_charges', owner, keys: [`results/${runId}/${owner}.parquet`] })),
  };
  const plan = {
    runId,
    integrationId: INTEGRATION,
    period: PERIOD,
    ...wanted,
    configRevision: 3,
    partner: (await world.world.config.read()).settings,
    customers: world.customers,
    rules: [],
    shards: [],
    rows: 1,
  };
  await world.lake.writeText(LAKE.plan(runId), JSON.stringify(plan));
  await world.lake.writeText(LAKE.publication(runId), JSON.stringify(publication));
  const input = { runId, planKey: LAKE.plan(runId), publicationKey: LAKE.publication(runId), fence: taken.lease.fence };
  return { runId, publication, input };
}

function deliveryIdOf(deliverySeq: string): DeliveryId {
  return DeliveryId.parse(`dlv_${deliverySeq.padStart(40, '0')}`);
}

describe('Publishing a run', () => {
  const splitting = splittingBills();

  test('moves the pointer, then writes a list per owner, and asks for the period’s additions', async () => {
    const world = await splitting();
    const { runId, input } = await reconciled(world, [A, B]);
    expect(await publish(world.world)(input)).toEqual({ outcome: 'published' });
    expect((await world.lake.readText(listKey(A)))?.text).toBe(`s3://lake/results/${runId}/${A}.parquet\n`);
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published).toMatchObject({ runId, configRevision: 3 });
    expect(world.asked).toEqual(['additions 2025-03']);
  });

  test('again does the same and no more', async () => {
    const world = await splitting();
    const { input } = await reconciled(world, [A]);
    await publish(world.world)(input);
    const before = await world.lake.readText(listKey(A));
    await publish(world.world)(input);
    expect(await world.lake.readText(listKey(A))).toEqual(before);
  });

  test('after a rollback the lists are brought to the run gone back to, however often that is asked for', async () => {
    const world = await splitting();
    const first = await reconciled(world, [A]);
    await publish(world.world)(first.input);
    const second = await reconciled(world, [B], '02');
    await publish(world.world)(second.input);
    const state = await world.periods.find(INTEGRATION, PERIOD);
    const [to] = state?.earlier ?? [];
    if (!to) throw new Error('there is no run to go back to');
    const outcome = await world.pins.rollBack(INTEGRATION, PERIOD, {
      from: second.runId,
      to: { ...to, owners: [A] },
      pinned: { deliverySeq: '02', at: world.now.toISOString() },
    });
    expect(outcome).toBe('rolled_back');
    const ask = { ask: 'write-lists', integrationId: INTEGRATION, period: PERIOD };
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published?.listsOwed).toBe(true);
    for (const _ of [1, 2])
      expect(await publishAgain(world.world)(ask)).toEqual({ outcome: 'written', runId: first.runId });
    expect((await world.lake.readText(listKey(A)))?.text).toContain(first.runId);
    expect(await world.lake.readText(listKey(B))).toBeUndefined();
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published?.listsOwed).toBe(false);
    await expect(publish(world.world)(second.input)).rejects.toMatchObject({ name: 'Superseded' });
  });

  test('under a fence that is not its own changes nothing', async () => {
    const world = await splitting();
    const first = await reconciled(world, [A]);
    await publish(world.world)(first.input);
    const before = await world.lake.readText(listKey(A));
    const late = await reconciled(world, [A, B]);
    await reconciled(world, [B]);
    await expect(publish(world.world)(late.input)).rejects.toMatchObject({ name: 'Superseded' });
    expect(await world.lake.readText(listKey(A))).toEqual(before);
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published?.runId).toBe(first.runId);
  });

  test('that has been overtaken between pointer and lists leaves the newer lists alone', async () => {
    const world = await splitting();
    const slow = await reconciled(world, [A, B]);
    await world.periods.publish(INTEGRATION, PERIOD, slow.input, {
      deliverySeq: '01',
      deliveryId: deliveryIdOf('01'),
      configRevision: 3,
      runId: slow.runId,
      publishedAt: world.now.toISOString(),
      owners: [A, B],
    });
    const fast = await reconciled(world, [A], '02');
    await publish(world.world)(fast.input);
    expect(await writeLists(world.world, slow.publication, [])).toBe('moved');
    expect((await world.lake.readText(listKey(A)))?.text).toContain(fast.runId);
    expect(await world.lake.readText(listKey(B))).toBeUndefined();
  });

  test('loses to a newer publisher whose list comes between its look and its write', async () => {
    const world = await splitting();
    const slow = await reconciled(world, [A]);
    await publish(world.world)(slow.input);
    const fast = await reconciled(world, [A], '02');
    let overtaken = false;
    const lake: ObjectStore = {
      ...world.lake,
      writeText: async (key, text, condition) => {
        if (!overtaken) {
          overtaken = true;
          await publish(world.world)(fast.input);
        }
        return await world.lake.writeText(key, text, condition);
      },
    };
    expect(await writeLists({ ...world.world, lake }, slow.publication, [])).toBe('moved');
    expect((await world.lake.readText(listKey(A)))?.text).toContain(fast.runId);
  });

  test.each([
    { end: 'itself', dies: false },
    { end: 'CloseRun, where it died over it', dies: true },
  ])('a list that it made where an overtaking rollback had found none is taken back by $end', async ({ dies }) => {
    const world = await splitting();
    const first = await reconciled(world, [A]);
    await publish(world.world)(first.input);
    const second = await reconciled(world, [A, B], '02');
    await world.runs.add(runningOver(second.runId, world));
    let overtaken = false;
    const died = new Error('the function was stopped');
    const lake: ObjectStore = {
      ...world.lake,
      writeText: async (key, text, condition) => {
        if (!overtaken && key === listKey(B)) {
          overtaken = true;
          const [to] = (await world.periods.find(INTEGRATION, PERIOD))?.earlier ?? [];
          if (!to) throw new Error('there is no run to go back to');
          await world.pins.rollBack(INTEGRATION, PERIOD, {
            from: second.runId,
            to: { ...to, owners: [A] },
            pinned: { deliverySeq: '02', at: world.now.toISOString() },
          });
          await publishAgain(world.world)({ ask: 'write-lists', integrationId: INTEGRATION, period: PERIOD });
        }
        const outcome = await world.lake.writeText(key, text, condition);
        if (dies && key === listKey(B)) throw died;
        return outcome;
      },
    };
    const published = publish({ ...world.world, lake })(second.input);
    if (dies) {
      await expect(published).rejects.toBe(died);
      expect((await world.lake.readText(listKey(B)))?.text).toContain(second.runId);
      await world.close({ kind: 'run', runId: second.runId, error: { Error: 'Lambda.Unknown', Cause: 'stopped' } });
    } else await published;
    expect(overtaken).toBe(true);
    expect((await world.lake.readText(listKey(A)))?.text).toContain(first.runId);
    expect(await world.lake.readText(listKey(B))).toBeUndefined();
  });

  test('that died between pointer and lists is finished by CloseRun, however often that is called', async () => {
    const world = await splitting();
    const first = await reconciled(world, [A, B]);
    await publish(world.world)(first.input);
    const dying = await reconciled(world, [A]);
    await world.runs.add(runningOver(dying.runId, world));
    const died = new Error('the function was stopped');
    const lake: ObjectStore = { ...world.lake, head: async () => Promise.reject(died) };
    await expect(publish({ ...world.world, lake })(dying.input)).rejects.toBe(died);
    expect((await world.lake.readText(listKey(B)))?.text).toContain(first.runId);
    const failure = { kind: 'run', runId: dying.runId, error: { Error: 'Lambda.Unknown', Cause: 'stopped' } };
    for (let time = 0; time < 2; time += 1) expect(await world.close(failure)).toEqual({ end: 'Published' });
    expect((await world.lake.readText(listKey(A)))?.text).toContain(dying.runId);
    expect(await world.lake.readText(listKey(B))).toBeUndefined();
    expect((await world.runs.find(dying.runId))?.status).toBe('Published');
  });
});

/** The record of a run that is in its Publish. */
function runningOver(runId: string, { now }: Splitting): Run {
  return {
    ...{ id: RunId.parse(runId), integrationId: INTEGRATION, period: PERIOD, status: 'Running', step: 'Publish' },
    ...{ steps: {}, deliveryId: null, configRevision: 3, startedAt: now.toISOString(), endedAt: null },
    ...{ rowsDelivered: 1, summaryKey: null, reason: null },
  };
}
