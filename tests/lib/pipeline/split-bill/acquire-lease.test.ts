import { beforeEach, describe, expect, test } from 'vitest';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { acquireLease } from '../../../../lib/pipeline/split-bill/acquire-lease.ts';
import { planShards } from '../../../../lib/pipeline/split-bill/plan-shards.ts';
import { bill } from '../receive-bill/small-bill.ts';
import { INTEGRATION, PERIOD, type Splitting, splittingBills } from './splitting.ts';

describe('Taking a period', () => {
  const splitting = splittingBills();
  let world: Splitting;
  const acquire = (want = world.want()) => acquireLease(world.world)(want);

  beforeEach(async () => {
    world = await splitting();
    await world.deliver('march.csv', bill([{}, {}]));
  });

  test('notes the run, lists the delivered files, and says how to measure them', async () => {
    const want = world.want();
    const answer = await acquire(want);
    expect(answer).toMatchObject({ outcome: 'go', runId: want.runId, integrationId: 'acme', period: '2025-03' });
    expect((await world.lake.readText(LAKE.deliveredList(want.runId)))?.text).toMatch(
      /^s3:\/\/lake\/deliveries\/dlv_[0-9a-f]+\/text\/[^/]+\/00000\.parquet\n$/,
    );
    expect(await world.runs.find(want.runId)).toMatchObject({
      status: 'Running',
      step: 'MeasureBill',
      configRevision: 1,
    });
    expect(await acquire(want)).toMatchObject({ outcome: 'go', runId: want.runId });
  });

  test('is refused while another run works on it, also when its lease has run out but its execution goes on', async () => {
    const first = world.want();
    await acquire(first);
    expect(await acquire()).toEqual({ outcome: 'nothing_to_do' });
    world.now = new Date(world.now.getTime() + 3_600_000);
    expect(await acquire()).toEqual({ outcome: 'nothing_to_do' });
    world.executionStatus.set(first.executionArn, 'ABORTED');
    expect(await acquire()).toMatchObject({ outcome: 'go' });
  });

  test('has no work where nothing was ever delivered', async () => {
    expect(await acquire({ ...world.want(), period: '2024-01' as typeof PERIOD })).toEqual({
      outcome: 'nothing_to_do',
    });
  });

  describe('and planning its shards', () => {
    const measured = async () => {
      const want = world.want();
      const lease = await acquire(want);
      if (lease.outcome !== 'go') throw new Error('no lease');
      await world.engine.run(lease.createTableStatement, { timeoutSeconds: 30 });
      const measureQueryId = await world.engine.run(lease.measureStatement, { timeoutSeconds: 30 });
      return { runId: want.runId, fence: lease.fence, measureQueryId };
    };

    test('is superseded as soon as a newer delivery is wanted', async () => {
      const input = await measured();
      await world.deliver('march.csv', bill([{}]));
      await expect(planShards(world.world)(input)).rejects.toMatchObject({ name: 'Superseded' });
    });

    test('is superseded when the lease is another run’s, and when the run has been closed', async () => {
      const input = await measured();
      await world.periods.releaseLease(INTEGRATION, PERIOD, input.runId);
      await expect(planShards(world.world)(input)).rejects.toMatchObject({ name: 'Superseded' });
      await world.runs.update(input.runId, { status: 'Failed' });
      await expect(planShards(world.world)(input)).rejects.toMatchObject({ name: 'Superseded' });
    });

    test('refuses totals that miss a row of the files', async () => {
      const input = await measured();
      const engine = {
        ...world.engine,
        rows: async (id: string) => (await world.engine.rows(id)).map((row) => ({ ...row, row_count: '1' })),
      };
      await expect(planShards({ ...world.world, engine })(input)).rejects.toMatchObject({
        code: 'not_reconciled',
        details: { column: 'rows', expected: '2', actual: '1' },
      });
    });

    test('refuses a file that is not the one that was registered', async () => {
      const input = await measured();
      const lake = { ...world.lake, head: async () => undefined };
      await expect(planShards({ ...world.world, lake })(input)).rejects.toMatchObject({ code: 'file_changed' });
    });

    test('refuses a customer whose rows no worker could hold, by name', async () => {
      const input = await measured();
      await expect(planShards({ ...world.world, workerMemoryMegabytes: 0 })(input)).rejects.toMatchObject({
        code: 'shard_too_large',
        details: { customer: 'unassigned', rows: 2, most: 0 },
      });
    });
  });
});
