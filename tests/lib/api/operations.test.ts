import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isMutating } from '../../../lib/api/audit-request.ts';
import { CONTRACTS } from '../../../lib/contracts/all-contracts.ts';
import type { Contract } from '../../../lib/contracts/contract.ts';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { getDelivery } from '../../../lib/contracts/deliveries/get-delivery.ts';
import { releaseDelivery } from '../../../lib/contracts/deliveries/release-delivery.ts';
import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { rollbackPeriod } from '../../../lib/contracts/periods/rollback-period.ts';
import { unpinPeriod } from '../../../lib/contracts/periods/unpin-period.ts';
import { getRun } from '../../../lib/contracts/runs/get-run.ts';
import { redriveRun } from '../../../lib/contracts/runs/redrive-run.ts';
import { getSettings } from '../../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../../lib/contracts/settings/update-settings.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../lib/domain/ids.ts';
import type { Run } from '../../../lib/domain/run.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { type ApiCaller, apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

const ACME = IntegrationId.parse('acme');
const MARCH = BillingPeriod.parse('2025-03');
const AT = '2025-03-15T11:00:00.000Z';
const digits = (number: number) => String(number).padStart(40, '0');
const deliveryId = (number: number) => DeliveryId.parse(`dlv_${digits(number)}`);
const runId = (number: number) => RunId.parse(`run_${digits(number)}`);

let world: ApiWorld;
let api: ApiCaller;

beforeEach(async () => {
  world = await openApiWorld();
  api = apiCaller(world);
});
afterEach(() => world.close());

const published = (number: number, owners: string[] = ['unassigned']) =>
  publishRun(world, { integration: 'acme', period: MARCH, owners, number });
const wants = (number: number) =>
  world.world.periods.raiseWanted(ACME, MARCH, { deliverySeq: digits(number), deliveryId: deliveryId(number) });

async function ranOver(number: number, change: Partial<Run>): Promise<RunId> {
  const id = runId(number);
  await world.world.runs.add({
    ...{ id, integrationId: ACME, period: MARCH, status: 'Failed', step: 'PriceShards', steps: {} },
    ...{ deliveryId: deliveryId(number), configRevision: 0, startedAt: AT, endedAt: AT },
    ...{ rowsDelivered: null, summaryKey: null, reason: null },
    ...change,
  });
  return id;
}

async function delivered(number: number, change: Partial<Delivery>): Promise<DeliveryId> {
  const id = deliveryId(number);
  const object = {
    ...{ deliveryId: id, integrationId: ACME, bucket: 'landing', key: 'acme/b.csv', versionId: 'v1' },
    ...{ etag: 'e', sizeBytes: 5, sequencer: '01', eventTime: AT },
  };
  await world.world.deliveries.add({
    ...{ id, integrationId: ACME, key: 'acme/b.csv', status: 'Held', deliverySeq: digits(number), object },
    ...{ step: 'RegisterDelivery', receivedAt: AT, endedAt: AT, periods: [MARCH], files: 1, rows: 3, reason: null },
    ...change,
  });
  return id;
}

describe('Redriving a run', () => {
  const redrive = (id: RunId) => api.call(redriveRun, { params: { runId: id } });
  const refused = async (id: RunId) => (await api.refused(redriveRun, { params: { runId: id } })).code;

  test.each(['Failed', 'Quarantined'] as const)('that is %s asks for what is wanted now', async (status) => {
    await wants(2);
    const id = await ranOver(1, { status });
    expect((await redrive(id)).body).toEqual({ integrationId: 'acme', period: '2025-03' });
    expect(world.asked).toEqual(['split acme 2025-03']);
  });

  test.each(['Published', 'Superseded', 'NothingToDo'] as const)('that is %s is refused', async (status) => {
    await wants(2);
    expect(await refused(await ranOver(1, { status }))).toBe('nothing_to_redrive');
    expect(world.asked).toEqual([]);
  });

  test('is refused where nothing is wanted any more, or nothing ever was', async () => {
    expect(await refused(await ranOver(1, {}))).toBe('nothing_to_redrive');
    await published(2);
    expect(await refused(runId(1))).toBe('nothing_to_redrive');
    expect(await refused(runId(9))).toBe('not_found');
  });

  test('is refused while it, or another run of its period, is at work', async () => {
    await wants(1);
    expect(await refused(await ranOver(1, { status: 'Running' }))).toBe('run_at_work');
    await ranOver(2, { status: 'Failed' });
    const holder = { runId: runId(3), executionArn: 'arn', now: AT, expiresAt: '2025-03-15T13:00:00.000Z' };
    await world.world.periods.acquireLease(ACME, MARCH, holder);
    expect(await api.refused(redriveRun, { params: { runId: runId(2) } })).toMatchObject({
      status: 409,
      code: 'run_at_work',
      details: { runId: runId(3) },
    });
  });
});

describe('Releasing a delivery', () => {
  const release = async (id: DeliveryId) => (await api.call(releaseDelivery, { params: { deliveryId: id } })).body;
  const refused = (id: DeliveryId) => api.refused(releaseDelivery, { params: { deliveryId: id } });

  test('that is held makes it the one that its period wants', async () => {
    await published(1);
    const id = await delivered(2, {});
    expect(await release(id)).toEqual({ deliveryId: id, action: 'wanted', periods: ['2025-03'] });
    expect((await world.world.periods.find(ACME, MARCH))?.wanted.deliveryId).toBe(id);
    expect((await api.call(getDelivery, { params: { deliveryId: id } })).body).toMatchObject({
      status: 'Registered',
      reason: null,
    });
    expect(world.asked).toEqual(['split acme 2025-03']);
    expect(await refused(id)).toMatchObject({ status: 409, code: 'nothing_to_release' });
  });

  test('that is held is refused once a newer one has come', async () => {
    const id = await delivered(2, {});
    await published(3);
    expect(await refused(id)).toMatchObject({ code: 'newer_delivery_wanted', details: { deliveryId: deliveryId(3) } });
    expect((await api.call(getDelivery, { params: { deliveryId: id } })).body.status).toBe('Held');
    expect(world.asked).toEqual([]);
  });

  test.each(['Quarantined', 'Failed'] as const)('that is %s has it received once more', async (status) => {
    const id = await delivered(2, { status, attempts: 2 });
    expect((await release(id)).action).toBe('received_again');
    expect(world.asked).toEqual([`receive ${id} 3`]);
  });

  test('whose run was quarantined asks for another', async () => {
    const id = await delivered(2, { status: 'Registered' });
    await ranOver(2, { status: 'Quarantined' });
    expect((await release(id)).action).toBe('run_again');
    expect(world.asked).toEqual(['split acme 2025-03']);
  });

  test.each(['Receiving', 'Ignored', 'Superseded', 'Registered'] as const)(
    'that is %s and waits for nobody is refused',
    async (status) => {
      const id = await delivered(2, { status });
      await ranOver(2, { status: 'Published' });
      expect(await refused(id)).toMatchObject({ status: 409, code: 'nothing_to_release', details: { status } });
      expect((await refused(deliveryId(9))).code).toBe('not_found');
    },
  );
});

describe('Going back to an earlier run', () => {
  const params = { integrationId: 'acme', period: '2025-03' };
  const rollback = (number: number) => api.call(rollbackPeriod, { params, body: { runId: runId(number) } });
  const refused = (number: number) => api.refused(rollbackPeriod, { params, body: { runId: runId(number) } });
  const period = async () => (await api.call(listPeriods)).body.items[0];
  /** What Reconcile leaves in the lake. */
  const withLists = (number: number, owners: string[]) =>
    world.lake.texts.set(
      LAKE.publication(runId(number)),
      JSON.stringify({ lists: owners.map((owner) => ({ owner })) }),
    );

  test('publishes it again, pins the period, and has its lists written', async () => {
    for (const number of [1, 2, 3]) await published(number, ['cus_a', `cus_${number}`]);
    withLists(1, ['cus_a', 'cus_1', 'cus_a']);
    await rollback(1);
    expect(await period()).toMatchObject({
      published: { runId: runId(1), deliveryId: deliveryId(1) },
      earlier: [{ runId: runId(3) }, { runId: runId(2) }],
      pinnedSince: expect.any(String),
      upToDate: true,
    });
    const state = await world.world.periods.find(ACME, MARCH);
    expect(state?.published).toMatchObject({ owners: ['cus_a', 'cus_1'], ownersBefore: ['cus_3', 'cus_2'] });
    expect(world.asked).toEqual(['lists acme 2025-03']);
  });

  test('keeps three runs to go back to, also forward again', async () => {
    for (const number of [1, 2, 3, 4, 5]) await published(number);
    for (const number of [2, 5]) withLists(number, ['unassigned']);
    expect(await refused(1)).toMatchObject({
      status: 409,
      code: 'not_an_earlier_run',
      details: { earlier: [runId(4), runId(3), runId(2)] },
    });
    expect((await refused(5)).code).toBe('not_an_earlier_run');
    await rollback(2);
    await rollback(5);
    expect((await period())?.published?.runId).toBe(runId(5));
  });

  test('stands against changes of configuration and redrives, until it is unpinned', async () => {
    for (const number of [1, 2]) await published(number);
    withLists(1, ['unassigned']);
    await rollback(1);
    const { body, etag } = await api.call(getSettings);
    const { version: _, ...settings } = body;
    await api.call(updateSettings, { body: settings, ifMatch: etag });
    expect((await period())?.upToDate).toBe(true);
    await ranOver(2, {});
    expect((await api.refused(redriveRun, { params: { runId: runId(2) } })).code).toBe('period_pinned');
    world.asked.length = 0;
    await api.call(unpinPeriod, { params });
    expect(world.asked).toEqual(['split acme 2025-03']);
    expect(await period()).toMatchObject({ pinnedSince: null, upToDate: false });
    expect((await api.refused(unpinPeriod, { params })).code).toBe('period_not_pinned');
  });

  test('is not undone by a run that was at work, but by a newer delivery', async () => {
    for (const number of [1, 2]) await published(number);
    withLists(1, ['unassigned']);
    await world.world.periods.raiseWanted(ACME, MARCH, { deliverySeq: digits(3), deliveryId: deliveryId(3) });
    const holder = { runId: runId(3), executionArn: 'arn', now: AT, expiresAt: '2025-03-15T13:00:00.000Z' };
    const taken = await world.world.periods.acquireLease(ACME, MARCH, holder);
    if (taken === 'busy') throw new Error('busy');
    await rollback(1);
    const pointer = { runId: runId(3), deliveryId: deliveryId(3), configRevision: 0, publishedAt: AT, owners: [] };
    const publish = (deliverySeq: string) =>
      world.world.periods.publish(ACME, MARCH, taken.lease, { ...pointer, deliverySeq });
    expect(await publish(digits(3))).toBe('fenced');
    expect((await period())?.published?.runId).toBe(runId(1));
    await wants(4);
    expect(await period()).toMatchObject({ pinnedSince: null, upToDate: false });
    expect(await publish(digits(4))).not.toBe('fenced');
    expect((await world.world.periods.find(ACME, MARCH))?.pinned).toBeNull();
  });

  test('is refused where nothing was ever published', async () => {
    expect((await refused(1)).code).toBe('not_found');
    await wants(1);
    expect((await refused(1)).code).toBe('not_found');
    expect((await api.refused(unpinPeriod, { params })).code).toBe('period_not_pinned');
  });
});

describe('The audit', () => {
  test('says who asked for what before it is done, and what came of it', async () => {
    await api.call(createCustomer, { body: { name: 'Contoso' } });
    await api.refused(createCustomer, { body: { name: 'Contoso' } });
    const who = { operationId: 'createCustomer', sub: 'first-partner' };
    expect(world.audited).toMatchObject([
      { kind: 'asked', ...who, request: '{"body":{"name":"Contoso"}}' },
      { kind: 'answered', ...who, status: 201 },
      { kind: 'asked', ...who },
      { kind: 'answered', ...who, status: 409, code: 'customer_name_taken' },
    ]);
    const ids = world.audited.map(({ requestId }) => requestId);
    expect([ids[0] === ids[1], ids[2] === ids[3], ids[1] === ids[2]]).toEqual([true, true, false]);
  });

  test('holds nothing of what only reads', async () => {
    await api.call(listPeriods);
    await api.refused(getRun, { params: { runId: runId(1) } });
    expect(world.audited).toEqual([]);
  });

  test('comes first: what cannot be written down is not done', async () => {
    const failing = { ...world, audit: { ...world.audit, log: { append: () => Promise.reject(new Error('down')) } } };
    await expect(apiCaller(failing).call(createCustomer, { body: { name: 'Contoso' } })).rejects.toThrow('down');
    expect((await world.world.customers.list({ limit: 10 })).items).toEqual([]);
  });

  test('covers every operation but those that read', () => {
    const reading = Object.values<Contract>(CONTRACTS).filter((contract) => !isMutating(contract));
    expect(reading.filter(({ method }) => method !== 'GET').map(({ operationId }) => operationId)).toEqual([
      'previewRule',
    ]);
  });
});
