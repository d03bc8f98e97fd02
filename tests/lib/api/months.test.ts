import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { getAdditions } from '../../../lib/contracts/additions/get-additions.ts';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { closeMonth } from '../../../lib/contracts/months/close-month.ts';
import { correctMonth } from '../../../lib/contracts/months/correct-month.ts';
import { repriceMonth } from '../../../lib/contracts/months/reprice-month.ts';
import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { createRule } from '../../../lib/contracts/rules/create-rule.ts';
import type { AdditionsPointer } from '../../../lib/domain/additions-pointer.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { correctionsIn } from '../../../lib/domain/corrections.ts';
import { FrozenConfig } from '../../../lib/domain/frozen-config.ts';
import { type CustomerId, DeliveryId, IntegrationId, RunId } from '../../../lib/domain/ids.ts';
import { configOfMonth } from '../../../lib/pipeline/config-of-month.ts';
import { type ApiCaller, apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

const MARCH = BillingPeriod.parse('2025-03');
const APRIL = BillingPeriod.parse('2025-04');
const ACME = IntegrationId.parse('acme');
const params = { period: MARCH };
const RULE = { name: 'r', type: 'rerate', base: 'billed_cost', offsetPercent: '10', startDate: '2025-01-01' };

let world: ApiWorld;
let api: ApiCaller;
let T1: CustomerId;
const opened: ApiWorld[] = [];

beforeEach(async () => {
  world = await openApiWorld();
  opened.push(world);
  api = apiCaller(world);
  T1 = (await api.call(createCustomer, { body: { name: 'T1' } })).body.id;
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const makeRule = (name: string) => api.call(createRule, { body: { ...RULE, name, customers: 'all' } });
const period = async () => (await api.call(listPeriods)).body.items[0];

/** Publishes a run of March and its additions. */
async function publish(number: number): Promise<RunId> {
  const runId = await publishRun(world, { integration: 'acme', period: MARCH, owners: [T1], number });
  const before = await world.world.additions.find(MARCH);
  await world.world.additions.publish({
    ...{ period: MARCH, number: (before?.number ?? 0) + 1, uuid: `uuid-${number}` },
    configRevision: await world.world.config.revision(),
    sources: [{ integrationId: ACME, runId }],
    ...{ publishedAt: '2025-04-02T00:00:00.000Z', owners: [T1], ownersBefore: [], reason: null },
  });
  return runId;
}

const runIdOf = (number: number) => RunId.parse(`run_${String(number).padStart(40, '0')}`);

const deliver = (number: number) =>
  world.world.periods.raiseWanted(ACME, MARCH, {
    deliverySeq: String(number).padStart(40, '0'),
    deliveryId: DeliveryId.parse(`dlv_${String(number).padStart(40, '0')}`),
  });

describe('Closing a month', () => {
  test('BR-24 freezes what it is priced with: a rule made after it leaves it alone, and an open month not', async () => {
    await makeRule('before');
    await publish(1);
    const { body } = await api.call(closeMonth, { params });
    expect(body).toMatchObject({ period: MARCH, configRevision: await world.world.config.revision() });
    await makeRule('after');
    expect(await period()).toMatchObject({ closedAt: body.closedAt, upToDate: true });
    await publishRun(world, { integration: 'acme', period: APRIL, owners: [T1], number: 2 });
    await makeRule('later');
    const items = (await api.call(listPeriods)).body.items;
    expect(items.map((one) => [one.period, one.upToDate])).toEqual([
      ['2025-03', true],
      ['2025-04', false],
    ]);
    const names = async (month: BillingPeriod) =>
      (await configOfMonth(world.world, month)).rules.map(({ rule }) => rule.name);
    expect(await names(MARCH)).toEqual(['before']);
    expect(await names(APRIL)).toEqual(['before', 'after', 'later']);
  });

  test('keeps rules with their versions, order, assignments, customers and settings as one reading', async () => {
    await makeRule('r1');
    await publish(1);
    const before = await world.world.config.read();
    await api.call(closeMonth, { params });
    const [text] = [...world.lake.texts.entries()].filter(([key]) => key.startsWith('frozen/2025-03/'));
    expect(FrozenConfig.parse(JSON.parse(text?.[1] ?? ''))).toEqual(before);
  });

  test('waits until all that is wanted of it is published, additions too', async () => {
    expect((await api.refused(closeMonth, { params })).code).toBe('nothing_published');
    await publishRun(world, { integration: 'acme', period: MARCH, owners: [T1], number: 1 });
    expect(await api.refused(closeMonth, { params })).toMatchObject({
      ...{ status: 409, code: 'month_not_up_to_date', details: { waiting: ['additions'] } },
    });
    await publish(2);
    await makeRule('r1');
    expect((await api.refused(closeMonth, { params })).details).toEqual({ period: MARCH, waiting: ['acme'] });
    await publish(3);
    await api.call(closeMonth, { params });
    expect((await api.refused(closeMonth, { params })).code).toBe('month_closed');
  });

  test('is refused where the configuration changes under it', async () => {
    await publish(1);
    const { closings } = world.world;
    const racing = {
      ...world,
      world: {
        ...world.world,
        closings: {
          ...closings,
          close: async (...of: Parameters<typeof closings.close>) => {
            await makeRule('meanwhile');
            return await closings.close(...of);
          },
        },
      },
    };
    expect((await apiCaller(racing).refused(closeMonth, { params })).code).toBe('conflict');
    expect(await period()).toMatchObject({ closedAt: null });
  });
});

describe('A closed month', () => {
  test('is priced again only when the partner asks, where a newer delivery has come', async () => {
    await publish(1);
    expect((await api.refused(repriceMonth, { params })).code).toBe('month_not_closed');
    await api.call(closeMonth, { params });
    await makeRule('after');
    expect((await api.refused(repriceMonth, { params })).code).toBe('nothing_to_reprice');
    await deliver(2);
    expect(await period()).toMatchObject({ upToDate: true });
    world.asked.length = 0;
    const { body } = await api.call(repriceMonth, { params });
    expect(body).toEqual({ period: MARCH, integrationIds: ['acme'] });
    expect(world.asked).toEqual(['split acme 2025-03']);
    expect(await period()).toMatchObject({ upToDate: false });
  });

  test('is corrected by the latest configuration in the next month that is open, and only the month that carries it is asked for', async () => {
    await publish(1);
    expect((await api.refused(correctMonth, { params })).code).toBe('month_not_closed');
    await api.call(closeMonth, { params });
    await makeRule('after');
    const latest = await world.world.config.read();
    world.asked.length = 0;
    const { body } = await api.call(correctMonth, { params });
    expect(body).toEqual({ period: MARCH, correctedIn: APRIL, configRevision: latest.revision });
    expect(world.asked).toEqual(['additions 2025-04']);
    const history = await world.world.config.history();
    expect(history.revision).toBe(latest.revision + 1);
    const [asked] = correctionsIn(history, APRIL);
    expect(asked).toMatchObject({ month: MARCH, revision: latest.revision });
    expect(FrozenConfig.parse(JSON.parse(world.lake.texts.get(asked?.key ?? '') ?? ''))).toEqual(latest);
    expect(await period()).toMatchObject({ upToDate: true });
  });

  test('has its corrections in a month until they are made from its published runs, and in the month after once that is closed', async () => {
    await publish(1);
    await api.call(closeMonth, { params });
    const runId = await publishRun(world, { integration: 'acme', period: APRIL, owners: [T1], number: 2 });
    const made = { ...{ period: APRIL, uuid: 'april' }, sources: [{ integrationId: ACME, runId }] };
    const price = async (number: number, corrections: AdditionsPointer['corrections']) =>
      world.world.additions.publish({
        ...{ ...made, number, configRevision: await world.world.config.revision(), corrections },
        ...{ publishedAt: '2025-05-02T00:00:00.000Z', owners: [], ownersBefore: [], reason: null },
      });
    const recomputing = async () => (await api.call(getAdditions, { params: { period: APRIL } })).body.recomputing;
    await price(1, undefined);
    expect(await recomputing()).toBe(false);
    const { body } = await api.call(correctMonth, { params });
    expect(await recomputing()).toBe(true);
    const of = { month: MARCH, revision: body.configRevision };
    const earlier = { integrationId: ACME, runId: runIdOf(9) };
    await price(2, [{ ...of, sources: [earlier] }]);
    expect(await recomputing()).toBe(true);
    const states = await world.world.periods.list();
    const march = states.find((state) => state.period === MARCH)?.published;
    await price(3, [{ ...of, sources: [{ integrationId: ACME, runId: march?.runId ?? runIdOf(9) }] }]);
    expect(await recomputing()).toBe(false);
    await api.call(closeMonth, { params: { period: APRIL } });
    expect((await api.call(correctMonth, { params })).body.correctedIn).toBe('2025-05');
  });

  test('is not corrected where the configuration changes under it', async () => {
    await publish(1);
    await api.call(closeMonth, { params });
    const { closings } = world.world;
    const correct = async (...of: Parameters<typeof closings.correct>) => {
      await makeRule('meanwhile');
      return await closings.correct(...of);
    };
    const racing = { ...world, world: { ...world.world, closings: { ...closings, correct } } };
    expect((await apiCaller(racing).refused(correctMonth, { params })).code).toBe('conflict');
    expect(correctionsIn(await world.world.config.history(), APRIL)).toEqual([]);
  });

  test('is not corrected in a month that is closed under it', async () => {
    await publish(1);
    await api.call(closeMonth, { params });
    const { closings } = world.world;
    const correct = async (...of: Parameters<typeof closings.correct>) => {
      const { revision, asked } = of[1];
      expect(await closings.close(APRIL, { at: asked.at, revision, key: asked.key })).toBe('done');
      return await closings.correct(...of);
    };
    const racing = { ...world, world: { ...world.world, closings: { ...closings, correct } } };
    expect((await apiCaller(racing).refused(correctMonth, { params })).code).toBe('conflict');
    expect(correctionsIn(await world.world.config.history(), APRIL)).toEqual([]);
    expect((await api.call(correctMonth, { params })).body.correctedIn).toBe('2025-05');
  });
});
