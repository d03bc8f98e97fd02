import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getDelivery } from '../../../lib/contracts/deliveries/get-delivery.ts';
import { listDeliveries } from '../../../lib/contracts/deliveries/list-deliveries.ts';
import { createIntegration } from '../../../lib/contracts/integrations/create-integration.ts';
import { getIntegration } from '../../../lib/contracts/integrations/get-integration.ts';
import { listIntegrations } from '../../../lib/contracts/integrations/list-integrations.ts';
import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { getRun } from '../../../lib/contracts/runs/get-run.ts';
import { listRuns } from '../../../lib/contracts/runs/list-runs.ts';
import { getSettings } from '../../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../../lib/contracts/settings/update-settings.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../lib/domain/ids.ts';
import type { Run } from '../../../lib/domain/run.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { type ApiCaller, apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld } from './api-world.ts';

const AWS = IntegrationId.parse('aws-main');
const AZURE = IntegrationId.parse('azure');
const MARCH = BillingPeriod.parse('2025-03');

let world: ApiWorld;
let api: ApiCaller;

beforeAll(async () => {
  world = await openApiWorld();
  api = apiCaller(world);
});
afterAll(() => world.close());

const idOf = (number: number) => String(number).padStart(40, '0');
const at = (number: number) => new Date(Date.UTC(2025, 2, 1, 0, number)).toISOString();

function delivery(number: number, change: Partial<Delivery> = {}): Delivery {
  return {
    ...{ id: DeliveryId.parse(`dlv_${idOf(number)}`), integrationId: AWS, key: `aws-main/${number}.csv` },
    ...{
      status: 'Registered',
      deliverySeq: at(number),
      step: 'RegisterDelivery',
      receivedAt: at(number),
      endedAt: null,
    },
    ...{ periods: [MARCH], files: 1, rows: 10, reason: null },
    ...change,
  };
}

function run(number: number, change: Partial<Run> = {}): Run {
  return {
    ...{ id: RunId.parse(`run_${idOf(number)}`), integrationId: AWS, period: MARCH, status: 'Running' },
    ...{ step: 'AcquireLease', steps: { AcquireLease: at(number) }, deliveryId: null, configRevision: 1 },
    ...{ startedAt: at(number), endedAt: null, rowsDelivered: null, summaryKey: null, reason: null },
    ...change,
  };
}

describe('Deliveries', () => {
  test('are listed newest first, all or one integration’s, page by page', async () => {
    for (const number of [1, 2, 3]) await world.world.deliveries.add(delivery(number));
    await world.world.deliveries.add(delivery(4, { integrationId: AZURE, key: 'azure/4.csv' }));
    const first = (await api.call(listDeliveries, { query: { limit: '2' } })).body;
    const second = (await api.call(listDeliveries, { query: { limit: '2', cursor: first.nextCursor ?? '' } })).body;
    expect([...first.items, ...second.items].map(({ key }) => key)).toEqual([
      'azure/4.csv',
      'aws-main/3.csv',
      'aws-main/2.csv',
      'aws-main/1.csv',
    ]);
    const azure = (await api.call(listDeliveries, { query: { integrationId: AZURE } })).body;
    expect(azure.items.map(({ key }) => key)).toEqual(['azure/4.csv']);
    expect((await api.refused(listDeliveries, { query: { cursor: 'bm8' } })).code).toBe('invalid_request');
  });

  test('that were refused say what is wrong, where, and what to do', async () => {
    const details = { file: 'a.csv', row: 3, column: 'BilledCost', value: '1,5', expected: 'a number' };
    const reason = { code: 'value_unreadable', details };
    await world.world.deliveries.add(delivery(9, { status: 'Quarantined', reason }));
    const { body } = await api.call(getDelivery, { params: { deliveryId: `dlv_${idOf(9)}` } });
    expect(body.reason).toEqual({
      code: 'value_unreadable',
      title: 'A value is not what its column holds',
      detail: 'file: a.csv, row: 3, column: BilledCost, value: 1,5, expected: a number',
      next: 'Mend the cell named here and deliver the file again.',
    });
    expect(await api.refused(getDelivery, { params: { deliveryId: `dlv_${'f'.repeat(40)}` } })).toMatchObject({
      status: 404,
    });
  });
});

describe('Runs', () => {
  test('are listed newest first, also of one integration, one period, or both', async () => {
    await world.world.runs.add(run(1));
    await world.world.runs.add(run(2, { integrationId: AZURE }));
    await world.world.runs.add(run(3, { period: BillingPeriod.parse('2025-04') }));
    const list = async (query: Record<string, string>) =>
      (await api.call(listRuns, { query })).body.items.map(({ id }) => Number(id.slice(4)));
    expect(await list({})).toEqual([3, 2, 1]);
    expect(await list({ integrationId: AWS })).toEqual([3, 1]);
    expect(await list({ period: '2025-03' })).toEqual([2, 1]);
    expect(await list({ integrationId: AWS, period: '2025-03' })).toEqual([1]);
  });

  test('show the figures that Reconcile wrote, and none before', async () => {
    const costs = { BilledCost: '20.52', EffectiveCost: '0', ListCost: '-1', ContractedCost: '0.000000000001' };
    const nothing = { rows: 0, BilledCost: '0', EffectiveCost: '0', ListCost: '0', ContractedCost: '0' };
    const totals = [
      {
        ...{ integrationId: AWS, period: MARCH, currency: 'USD', reconciled: true },
        ...{ delivered: { rows: 3, ...costs }, ingestRounding: costs, unassigned: nothing, partner: nothing },
        customers: [],
        warnings: [{ code: 'cost_missing', column: 'ListCost', rows: 3 }],
      },
    ];
    const id = RunId.parse(`run_${idOf(7)}`);
    await world.world.runs.add(run(7, { id }));
    expect((await api.call(getRun, { params: { runId: id } })).body.totals).toEqual([]);
    world.lake.texts.set(LAKE.summary(id), JSON.stringify(totals));
    await world.world.runs.update(id, { summaryKey: LAKE.summary(id) });
    expect((await api.call(getRun, { params: { runId: id } })).body.totals).toEqual(totals);
    expect(await api.refused(getRun, { params: { runId: `run_${'0'.repeat(40)}` } })).toMatchObject({ status: 404 });
  });

  test('leave their periods listed with what is wanted', async () => {
    const deliveryId = DeliveryId.parse(`dlv_${idOf(3)}`);
    await world.world.periods.raiseWanted(AWS, MARCH, { deliverySeq: at(3), deliveryId });
    const { items } = (await api.call(listPeriods)).body;
    expect(items).toEqual([
      {
        ...{ integrationId: AWS, period: MARCH, wantedDeliveryId: deliveryId, published: null, upToDate: false },
        ...{ earlier: [], pinnedSince: null, closedAt: null },
      },
    ]);
  });
});

describe('Integrations', () => {
  test('are made under an id that is free, and stay as they were', async () => {
    const body = { id: 'aws-main', name: 'AWS payer', format: 'focus', delivery: 'data_exports' };
    const made = await api.call(createIntegration, { body });
    expect(made).toMatchObject({ etag: '"1"', body: { ...body, version: 1 } });
    expect((await api.refused(createIntegration, { body: { ...body, name: 'Other' } })).code).toBe(
      'integration_exists',
    );
    expect((await api.call(getIntegration, { params: { integrationId: 'aws-main' } })).body).toEqual(made.body);
    expect((await api.call(listIntegrations)).body.items).toEqual([made.body]);
    expect(await api.refused(getIntegration, { params: { integrationId: 'none' } })).toMatchObject({ status: 404 });
  });

  test.each(['-a', 'a-', 'A', 'a/b', '', 'a'.repeat(49), '../x'])('are not named %j', async (id) => {
    const body = { id, name: 'x', format: 'focus', delivery: 'files' };
    expect(await api.refused(createIntegration, { body })).toMatchObject({ errors: [{ pointer: '/id' }] });
  });
});

describe('Settings', () => {
  test('are defaults until they are set, then change on the version that was read', async () => {
    const before = await api.call(getSettings);
    expect(before).toMatchObject({ etag: '"0"', body: { version: 0, currency: null } });
    const { version: _, ...settings } = before.body;
    const body = { ...settings, name: 'Acme Cloud', currency: 'EUR' };
    expect((await api.call(updateSettings, { body, ifMatch: '"0"' })).etag).toBe('"1"');
    expect(await api.refused(updateSettings, { body, ifMatch: '"0"' })).toMatchObject({ status: 412 });
    expect((await api.call(getSettings)).body).toEqual({ ...body, version: 1 });
    const outcomes = await Promise.allSettled(
      ['A', 'B'].map((name) => api.call(updateSettings, { body: { ...body, name }, ifMatch: '"1"' })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('raise the revision that runs are held to', async () => {
    const before = await world.world.config.revision();
    const { body, etag } = await api.call(getSettings);
    const { version: _, ...settings } = body;
    await api.call(updateSettings, { body: settings, ifMatch: etag });
    expect(await world.world.config.revision()).toBe(before + 1);
  });
});
