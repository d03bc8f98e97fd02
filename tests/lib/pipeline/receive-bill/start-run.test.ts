import { describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../../lib/domain/ids.ts';
import type { Integration } from '../../../../lib/domain/integration.ts';
import { startRun } from '../../../../lib/pipeline/receive-bill/start-run.ts';
import { memoryDeliveries, memoryExecutions, memoryPeriods, memoryRuns } from './memory-stores.ts';

const ACME = IntegrationId.parse('acme');
const MARCH = BillingPeriod.parse('2025-03');
const ASK = { ask: 'split-bill', integrationId: 'acme', period: '2025-03' };
const WANTED = { deliverySeq: 'B', deliveryId: DeliveryId.parse(`dlv_${'1'.repeat(40)}`) };
const RUN = RunId.parse(`run_${'2'.repeat(40)}`);

/** An event of S3 as EventBridge delivers it (S3 User Guide, "Event message structure"). */
const created = (key: string, version = 'v1') => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2025-04-02T06:31:00Z',
  region: 'eu-central-1',
  resources: ['arn:aws:s3:::landing'],
  detail: {
    version: '0',
    bucket: { name: 'landing' },
    object: {
      key,
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': version,
      sequencer: '617f08299329d189',
    },
    reason: 'PutObject',
  },
});

function world(delivery: Integration['delivery'] = 'files') {
  const integration: Integration = {
    id: ACME,
    name: 'Acme',
    format: 'focus',
    delivery,
    createdAt: '2025-01-01T00:00:00Z',
    version: 1,
  };
  const [periods, runs, executions] = [memoryPeriods(), memoryRuns(), memoryExecutions()];
  const deliveries = memoryDeliveries();
  let now = new Date('2025-04-02T06:32:00Z');
  const config = {
    findIntegration: async (id: string) => (id === 'acme' ? integration : undefined),
    history: async () => ({ revision: 3, changes: [] }),
  };
  return {
    periods,
    runs,
    executions,
    deliveries,
    start: startRun({ config, periods, runs, deliveries, executions, clock: { now: () => now } }),
    passSeconds: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
  };
}

describe('an object that lands', () => {
  const execution = '2025-04-02T06:30:00.000Z-3f1c0ffe';
  test.each<[Integration['delivery'], string, boolean]>([
    ['data_exports', `acme/e/metadata/BILLING_PERIOD=2025-03/${execution}/e-Manifest.json`, true],
    ['data_exports', 'acme/e/metadata/BILLING_PERIOD=2025-03/e-Manifest.json', true],
    ['data_exports', `acme/e/data/BILLING_PERIOD=2025-03/${execution}/e-00001.csv.gz`, false],
    ['data_exports', 'acme/_manifest.json', false],
    ['files', 'acme/_manifest.json', true],
    ['files', 'acme/bill.csv', true],
    ['files', 'acme/2025/BILL.CSV.GZ', true],
    ['files', 'acme/bill.parquet', true],
    ['files', 'acme/readme.txt', false],
    ['files', 'acme/folder/', false],
    ['files', 'nobody/bill.csv', true],
    ['files', 'bill.csv', false],
    ['files', 'Not An Id/bill.csv', false],
  ])('under %s, %s starts ReceiveBill: %s', async (delivery, key, starts) => {
    const { start, executions } = world(delivery);
    await start(created(key));
    expect(executions.started.length > 0).toBe(starts);
  });

  test('starts one execution, named by bucket, key and version, however often its event comes', async () => {
    const { start, executions } = world();
    await start(created('acme/bill.csv'));
    await start(created('acme/bill.csv'));
    await start(created('acme/bill.csv', 'v2'));
    const [first, second] = executions.started;
    expect(executions.started).toHaveLength(2);
    expect(first?.name).toMatch(/^dlv_[0-9a-f]{40}$/);
    expect(second?.name).not.toBe(first?.name);
    expect(first).toMatchObject({
      machine: 'receive-bill',
      input: {
        deliveryId: first?.name,
        integrationId: 'acme',
        bucket: 'landing',
        key: 'acme/bill.csv',
        versionId: 'v1',
        sizeBytes: 5,
        sequencer: '617f08299329d189',
        eventTime: '2025-04-02T06:31:00Z',
      },
    });
  });

  test('puts the delivery on record before its execution starts, so that it is seen to fail', async () => {
    const { start, deliveries, executions } = world();
    executions.start = async () => {
      throw new Error('no execution starts');
    };
    await expect(start(created('acme/bill.csv'))).rejects.toThrow('no execution starts');
    expect([...deliveries.all.values()]).toMatchObject([
      { integrationId: 'acme', key: 'acme/bill.csv', status: 'Receiving', step: 'ReadManifest' },
    ]);
  });

  test('a message of no known form is an error, so that it goes to the dead-letter queue', async () => {
    await expect(world().start({ hello: 'there' })).rejects.toThrow();
  });
});

describe('an ask for SplitBill', () => {
  test('starts a run where what is wanted is ahead, with a record before the execution', async () => {
    const { start, periods, runs, executions } = world();
    await periods.raiseWanted(ACME, MARCH, WANTED);
    const { id } = await start(ASK);
    expect(executions.started).toEqual([
      { machine: 'split-bill', name: id, input: { runId: id, integrationId: 'acme', period: '2025-03' } },
    ]);
    expect([...runs.all.values()]).toMatchObject([{ id, status: 'Running', step: 'AcquireLease', period: '2025-03' }]);
  });

  test('starts nothing where nothing was delivered, or all is published', async () => {
    const { start, periods, executions } = world();
    expect(await start(ASK)).toEqual({ outcome: 'never_delivered' });
    await periods.raiseWanted(ACME, MARCH, WANTED);
    const published = { ...WANTED, configRevision: 3, runId: RUN, publishedAt: '2025-04-02T06:00:00Z', owners: [] };
    periods.change(ACME, MARCH, { published });
    expect(await start(ASK)).toEqual({ outcome: 'up_to_date' });
    periods.change(ACME, MARCH, { published: { ...published, configRevision: 2 } });
    expect(await start(ASK)).toMatchObject({ outcome: 'started' });
    expect(executions.started).toHaveLength(1);
  });

  test('starts nothing while a live lease stands, and starts again once it has expired', async () => {
    const { start, periods, passSeconds } = world();
    await periods.raiseWanted(ACME, MARCH, WANTED);
    periods.change(ACME, MARCH, { lease: { runId: RUN, executionArn: 'arn', expiresAt: '2025-04-02T06:33:00Z' } });
    expect(await start(ASK)).toEqual({ outcome: 'at_work' });
    passSeconds(61);
    expect(await start(ASK)).toMatchObject({ outcome: 'started' });
  });

  test('a hundred asks start one run; a run that never got further is followed by another', async () => {
    const { start, periods, executions, passSeconds } = world();
    await periods.raiseWanted(ACME, MARCH, WANTED);
    for (let ask = 0; ask < 100; ask += 1) await start(ASK);
    expect(executions.started).toHaveLength(1);
    passSeconds(60);
    await start(ASK);
    expect(new Set(executions.started.map(({ name }) => name)).size).toBe(2);
  });

  test('a run whose execution cannot be started is Failed, and the ask comes again', async () => {
    const { periods, runs } = world();
    await periods.raiseWanted(ACME, MARCH, WANTED);
    const broken = startRun({
      config: { findIntegration: async () => undefined, history: async () => ({ revision: 3, changes: [] }) },
      periods,
      runs,
      deliveries: memoryDeliveries(),
      executions: { start: () => Promise.reject(new Error('Step Functions is away')) },
      clock: { now: () => new Date('2025-04-02T06:32:00Z') },
    });
    await expect(broken(ASK)).rejects.toThrow('Step Functions is away');
    expect([...runs.all.values()]).toMatchObject([{ status: 'Failed' }]);
  });
});

describe('An ask to receive a delivery again', () => {
  test('starts it under a name of its own, once for each attempt', async () => {
    const { start, deliveries, executions } = world();
    const { id = '' } = await start(created('acme/a.csv'));
    const deliveryId = DeliveryId.parse(id);
    await deliveries.update(deliveryId, {
      status: 'Quarantined',
      reason: { code: 'unknown_integration', details: {} },
    });
    const ask = { ask: 'receive-bill', deliveryId, attempt: 2 };
    expect(await start(ask)).toEqual({ outcome: 'started', id });
    expect(deliveries.all.get(deliveryId)).toMatchObject({
      ...{ status: 'Receiving', step: 'ReadManifest', attempts: 2, reason: null, endedAt: null },
      steps: { ReadManifest: '2025-04-02T06:32:00.000Z' },
    });
    expect(await start(ask)).toEqual({ outcome: 'exists', id });
    expect(executions.started.map(({ name }) => name)).toEqual([id, `${id}-2`]);
    expect(executions.started[1]?.input).toEqual(executions.started[0]?.input);
  });

  test('of nothing that was ever delivered starts nothing', async () => {
    const { start, executions } = world();
    const deliveryId = `dlv_${'9'.repeat(40)}`;
    expect(await start({ ask: 'receive-bill', deliveryId, attempt: 2 })).toMatchObject({ outcome: 'unknown_delivery' });
    expect(executions.started).toEqual([]);
  });
});
