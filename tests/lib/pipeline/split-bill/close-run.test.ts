import { beforeEach, describe, expect, test } from 'vitest';
import { DeliveryId } from '../../../../lib/domain/ids.ts';
import { acquireLease } from '../../../../lib/pipeline/split-bill/acquire-lease.ts';
import { bill } from '../receive-bill/small-bill.ts';
import { INTEGRATION, PERIOD, type Splitting, splittingBills } from './splitting.ts';

const caught = (runId: string, error: string, cause: unknown = {}) => ({
  kind: 'run',
  runId,
  error: { Error: error, Cause: JSON.stringify(cause) },
});
const ended = (name: string, status: string, more: object = {}) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: `arn:execution:${name}`, stateMachineArn: 'arn:machine', name, status, ...more },
});
const SCHEDULED = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
const FILE_CHANGED = { code: 'file_changed', details: { file: 'x' } };
const ASK = 'split acme 2025-03';

describe('Closing a run', () => {
  const splitting = splittingBills();
  let world: Splitting;
  /** Starts a run and takes its lease. */
  const start = async () => {
    const want = world.want();
    expect(await acquireLease(world.world)(want)).toMatchObject({ outcome: 'go' });
    return want;
  };
  const leaseOf = async () => (await world.periods.find(INTEGRATION, PERIOD))?.lease;

  beforeEach(async () => {
    world = await splitting();
    await world.deliver('march.csv', bill([{}]));
  });

  test('that was quarantined frees its lease, says why, and asks for nothing that was tried', async () => {
    const { runId } = await start();
    expect(await world.close(caught(runId, 'Quarantined', FILE_CHANGED))).toEqual({ end: 'Quarantined' });
    expect(await world.runs.find(runId)).toMatchObject({ status: 'Quarantined', reason: FILE_CHANGED });
    expect(await leaseOf()).toBeNull();
    expect(world.asked).toEqual([]);
    await world.close(SCHEDULED);
    expect(world.asked).toEqual([]);
    world.revision += 1;
    await world.close(SCHEDULED);
    expect(world.asked).toEqual([ASK]);
  });

  test('names the state that Catch saw, also where that step never began', async () => {
    const { runId } = await start();
    expect((await world.runs.find(runId))?.step).toBe('MeasureBill');
    await world.close({ ...caught(runId, 'Error'), step: 'PlanShards' });
    expect(await world.runs.find(runId)).toMatchObject({ status: 'Failed', step: 'PlanShards' });
  });

  test('is the same however often and by whom it is told', async () => {
    const { runId, executionArn } = await start();
    const first = caught(runId, 'Quarantined', FILE_CHANGED);
    world.executionStatus.set(executionArn, 'FAILED');
    expect(await world.close(first)).toEqual({ end: 'Quarantined' });
    expect(await world.close(first)).toEqual({ end: 'Quarantined' });
    expect(await world.close(ended(runId, 'FAILED', { error: 'Quarantined', cause: 'file_changed' }))).toEqual({
      end: 'Quarantined',
    });
    expect(await world.runs.find(runId)).toMatchObject({ status: 'Quarantined', reason: FILE_CHANGED });
  });

  test('that failed is not run again at once, but by the schedule, three times in all', async () => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const { runId } = await start();
      await world.close(caught(runId, 'TypeError'));
      expect(world.asked, `attempt ${attempt}`).toHaveLength(attempt - 1);
      await world.close(SCHEDULED);
      expect(world.asked).toHaveLength(Math.min(attempt, 2));
    }
  });

  test('whose delivery was superseded asks once for the newer one', async () => {
    const { runId } = await start();
    await world.deliver('march.csv', bill([{ BilledCost: '2' }]));
    expect(await world.close(caught(runId, 'Superseded'))).toEqual({ end: 'Superseded' });
    expect(world.asked).toEqual([ASK]);
  });

  test('that no Catch has seen is known by its execution’s end, and tried again', async () => {
    const { runId } = await start();
    expect(await world.close(ended(runId, 'TIMED_OUT'))).toEqual({ end: 'Failed' });
    expect(await world.runs.find(runId)).toMatchObject({
      status: 'Failed',
      reason: { code: 'internal', details: { reference: runId } },
    });
    expect(await leaseOf()).toBeNull();
    expect(world.asked).toEqual([ASK]);
  });

  test('leaves the lease of another run alone', async () => {
    const first = await start();
    world.executionStatus.set(first.executionArn, 'ABORTED');
    world.now = new Date(world.now.getTime() + 3_600_000);
    const second = await start();
    await world.close(caught(first.runId, 'Superseded'));
    expect((await leaseOf())?.runId).toBe(second.runId);
    expect(world.asked).toEqual([]);
  });

  test('whose execution is gone without a word is the schedule’s; one at work is left alone', async () => {
    const { runId, executionArn } = await start();
    await world.close(SCHEDULED);
    expect((await world.runs.find(runId))?.status).toBe('Running');
    world.executionStatus.delete(executionArn);
    await world.close(SCHEDULED);
    expect((await world.runs.find(runId))?.status).toBe('Failed');
    expect(await leaseOf()).toBeNull();
    expect(world.asked).toEqual([ASK]);
  });

  test('an ask that was lost is found by the schedule', async () => {
    await world.close(SCHEDULED);
    expect(world.asked).toEqual([ASK]);
  });

  test('so is a lost ask for additions, while they are not of what is published and of what charges say now, or their lists never followed', async () => {
    const { runId, outcome } = await world.split();
    expect(outcome).toBe('published');
    const bySchedule = async () => {
      world.asked.length = 0;
      await world.close(SCHEDULED);
      return world.asked;
    };
    expect(await bySchedule()).toEqual([`additions ${PERIOD}`]);
    await world.additions.publish({
      ...{ period: PERIOD, number: 1, uuid: 'priced', configRevision: world.revision, reason: null },
      ...{ sources: [{ integrationId: INTEGRATION, runId }], owners: [], ownersBefore: [] },
      publishedAt: world.now.toISOString(),
    });
    expect(await bySchedule()).toEqual([]);
    const priced = await world.additions.find(PERIOD);
    if (priced === undefined) throw new Error('nothing is priced');
    await world.additions.publish({ ...priced, number: 2, listsOwed: true });
    expect(await bySchedule()).toEqual([`additions ${PERIOD}`]);
    await world.additions.noteListsWritten(PERIOD, 'another');
    expect(await bySchedule()).toEqual([`additions ${PERIOD}`]);
    await world.additions.noteListsWritten(PERIOD, 'priced');
    expect(await bySchedule()).toEqual([]);
    const charges = { from: null, to: null, customers: 'all' as const, ownership: false, rows: false, additions: true };
    world.changes = [charges];
    world.revision += 1;
    expect(await bySchedule()).toEqual([`additions ${PERIOD}`]);
  });

  test('drops the run’s table over the delivered files, also when the run went well', async () => {
    const { runId } = await start();
    await world.engine.run(
      `CREATE EXTERNAL TABLE \`delivered_${runId}\` (a string) STORED AS PARQUET LOCATION 's3://lake/x/'`,
      { timeoutSeconds: 30 },
    );
    const read = () => world.engine.run(`SELECT * FROM delivered_${runId}`, { timeoutSeconds: 30 });
    await read();
    await world.close(ended(runId, 'SUCCEEDED'));
    await expect(read()).rejects.toMatchObject({ code: 'query_failed' });
  });

  test('a delivery ends the same way, and one that has ended stays as it is', async () => {
    const id = DeliveryId.parse(`dlv_${'c'.repeat(40)}`);
    await world.deliveries.add({
      id,
      integrationId: INTEGRATION,
      key: 'acme/x.csv',
      status: 'Receiving',
      deliverySeq: null,
      step: 'ConvertFiles',
      receivedAt: world.now.toISOString(),
      endedAt: null,
      periods: [],
      files: 1,
      rows: null,
      reason: null,
    });
    const failure = (error: string, cause: unknown) => ({
      kind: 'delivery',
      deliveryId: id,
      error: { Error: error, Cause: JSON.stringify(cause) },
    });
    expect(await world.close(failure('Quarantined', FILE_CHANGED))).toEqual({ end: 'Quarantined' });
    expect(await world.close(ended(id, 'FAILED', { error: 'Quarantined' }))).toEqual({ end: 'Failed' });
    expect(await world.deliveries.find(id)).toMatchObject({
      status: 'Quarantined',
      reason: FILE_CHANGED,
      endedAt: world.now.toISOString(),
    });
  });
});
