import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoDbDeliveryStore } from '../../../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbRunStore } from '../../../../lib/adapters/dynamodb/runs/run-store.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import type { Delivery } from '../../../../lib/domain/delivery.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../../lib/domain/ids.ts';
import { Problem } from '../../../../lib/domain/problem.ts';
import type { Run } from '../../../../lib/domain/run.ts';
import { type OpenTable, openTable } from './open-table.ts';

const hex = (n: number) => n.toString(16).padStart(40, '0');
const at = (minute: number) => new Date(Date.UTC(2025, 3, 1, 0, minute)).toISOString();

function run(n: number, integration: string, period: string): Run {
  return {
    id: RunId.parse(`run_${hex(n)}`),
    integrationId: IntegrationId.parse(integration),
    period: BillingPeriod.parse(period),
    status: 'Running',
    step: 'AcquireLease',
    steps: {},
    entries: {},
    deliveryId: null,
    configRevision: 0,
    startedAt: at(n),
    endedAt: null,
    rowsDelivered: null,
    summaryKey: null,
    reason: null,
  };
}

function delivery(n: number, integration: string): Delivery {
  return {
    id: DeliveryId.parse(`dlv_${hex(n)}`),
    integrationId: IntegrationId.parse(integration),
    key: `${integration}/bill-${n}.csv`,
    status: 'Receiving',
    deliverySeq: null,
    step: null,
    receivedAt: at(n),
    endedAt: null,
    periods: [],
    files: 1,
    rows: null,
    reason: null,
  };
}

describe('Runs and deliveries in DynamoDB', () => {
  let table: OpenTable;
  beforeAll(async () => {
    table = await openTable('runs');
  });
  afterAll(() => table.close());

  test('runs are listed newest first, by integration and by period, page by page', async () => {
    const runs = dynamoDbRunStore(table);
    const all = [
      run(1, 'aws', '2025-03'),
      run(2, 'azure', '2025-03'),
      run(3, 'aws', '2025-04'),
      run(4, 'aws', '2025-03'),
    ];
    for (const one of all) await runs.add(one);
    const idsOf = async (query: { integrationId?: IntegrationId; period?: BillingPeriod }) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await runs.list({ ...query, limit: 2, cursor });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return ids.map((id) => Number.parseInt(id.slice(-2), 16));
    };
    const integrationId = IntegrationId.parse('aws');
    const period = BillingPeriod.parse('2025-03');
    expect(await idsOf({})).toEqual([4, 3, 2, 1]);
    expect(await idsOf({ integrationId })).toEqual([4, 3, 1]);
    expect(await idsOf({ period })).toEqual([4, 2, 1]);
    expect(await idsOf({ integrationId, period })).toEqual([4, 1]);
    expect(await runs.find(run(3, 'aws', '2025-04').id)).toEqual(run(3, 'aws', '2025-04'));
  });

  test('a cursor that is none of ours is the caller’s mistake', async () => {
    const list = dynamoDbRunStore(table).list({ limit: 1, cursor: 'bm9wZQ' });
    await expect(list).rejects.toBeInstanceOf(Problem);
  });

  test('the same run again changes nothing', async () => {
    const runs = dynamoDbRunStore(table);
    const first = run(20, 'aws', '2025-05');
    await runs.add(first);
    await runs.update(first.id, { rowsDelivered: 5 });
    await runs.add(first);
    expect((await runs.find(first.id))?.rowsDelivered).toBe(5);
  });

  test('a step counts the first time it is entered', async () => {
    const runs = dynamoDbRunStore(table);
    const { id } = run(21, 'aws', '2025-05');
    await runs.add(run(21, 'aws', '2025-05'));
    await runs.enterStep(id, 'PlanShards', at(1));
    await runs.enterStep(id, 'PriceShards', at(2));
    await runs.enterStep(id, 'PlanShards', at(3));
    const found = await runs.find(id);
    expect(found?.steps).toEqual({ PlanShards: at(1), PriceShards: at(2) });
    expect(found?.step).toBe('PriceShards');
    expect(found?.entries).toEqual({ PlanShards: 2, PriceShards: 1 });
  });

  test('a run that has ended is not changed any more', async () => {
    const runs = dynamoDbRunStore(table);
    const { id } = run(22, 'aws', '2025-05');
    await runs.add(run(22, 'aws', '2025-05'));
    expect(await runs.update(id, { status: 'Quarantined', reason: { code: 'file_changed', details: {} } })).toBe(true);
    expect(await runs.update(id, { status: 'Published' })).toBe(false);
    await runs.enterStep(id, 'Publish', at(9));
    expect(await runs.find(id)).toMatchObject({ status: 'Quarantined', steps: {} });
    expect(await runs.update(RunId.parse(`run_${hex(999)}`), { status: 'Failed' })).toBe(false);
  });

  test('a delivery is added once and found in its lists', async () => {
    const deliveries = dynamoDbDeliveryStore(table);
    expect(await deliveries.add(delivery(1, 'aws'))).toBe(true);
    expect(await deliveries.add(delivery(1, 'aws'))).toBe(false);
    await deliveries.add(delivery(2, 'azure'));
    await deliveries.update(delivery(1, 'aws').id, { status: 'Registered', rows: 12, step: null });
    const listed = await deliveries.list({ integrationId: IntegrationId.parse('aws'), limit: 10 });
    expect(listed).toEqual({ items: [{ ...delivery(1, 'aws'), status: 'Registered', rows: 12 }] });
    expect((await deliveries.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([
      delivery(2, 'azure').id,
      delivery(1, 'aws').id,
    ]);
    await expect(deliveries.update(delivery(9, 'aws').id, { rows: 1 })).rejects.toThrow(/no delivery/);
  });
});
