import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver } from '../../infra/cli/deliver.ts';
import { bucketOf, lakeOf, s3Of } from '../../infra/cli/lake-of.ts';
import { listDeliveries } from '../../lib/contracts/deliveries/list-deliveries.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { redriveRun } from '../../lib/contracts/runs/redrive-run.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { RunId } from '../../lib/domain/ids.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { bill } from '../lib/pipeline/receive-bill/small-bill.ts';
import { openWatched, type WatchedMachine } from './alarms/watched-machine.ts';
import { PATIENT, until } from './deliver-anyhow.ts';
import { propertiesOf } from './edited-template.ts';
import { endedExecutionOf } from './execution-of.ts';
import { heldRun, holdAfter } from './held-runs.ts';
import { served } from './served.ts';

const PERIOD = '2025-03';

describe('one shard whose worker fails for good', PATIENT, () => {
  let watched: WatchedMachine;
  let customers: ReadonlyMap<string, CustomerId>;
  let bills = 0;

  beforeAll(async () => {
    watched = await openWatched((template) => {
      holdAfter(template, 'SplitByShard');
      // One receive in place of three: a message that is given back comes again after ten seconds.
      const queue = propertiesOf(template, 'AWS::SQS::Queue', 'PipelinePriceQueue');
      queue.RedrivePolicy = { ...Object(queue.RedrivePolicy), maxReceiveCount: 1 };
    });
    await watched.product.connect('acme');
    customers = await watched.product.configure({
      partner: { name: 'Partner' },
      customers: [
        { name: 'One', subAccounts: ['111111111111'] },
        { name: 'Two', subAccounts: ['222222222222'] },
      ],
      rules: [],
    });
    await held();
    await ended('Published');
  });
  afterAll(() => watched.product.close());

  /** Delivers a bill unlike all before it; its run stands behind SplitByShard, where `mischief` is done to its shards. */
  const held = async (mischief: (runId: string) => Promise<unknown> = async () => undefined) => {
    bills += 1;
    const rows = ['111111111111', '222222222222'].map((SubAccountId) => ({ SubAccountId, BilledCost: String(bills) }));
    await deliver(watched.product.machine, [{ key: 'acme/bill.csv', text: bill(rows) }]);
    await goOn(mischief);
  };
  const goOn = async (mischief: (runId: string) => Promise<unknown> = async () => undefined) => {
    const run = await heldRun(watched.product.machine);
    await mischief(run.runId);
    await run.goOn(run.handedOn);
  };
  const ended = (status: string) =>
    until(`the newest run is ${status}`, async () => {
      const [newest] = (await watched.product.api.call(listRuns)).body.items;
      return newest?.status === status ? newest : undefined;
    });
  const now = () => served(watched.product, PERIOD, customers.values());
  /** The Parquet of one shard of the split becomes something else. */
  const spoilOneShard = async (runId: string) => {
    const { machine } = watched.product;
    const found = await lakeOf(machine).list(LAKE.splitLocation(RunId.parse(runId), '0-0'));
    const [Key] = found.map(({ key }) => key);
    await s3Of(machine).send(
      new PutObjectCommand({ Bucket: bucketOf(machine, 'lakeBucketName'), Key, Body: 'spoilt' }),
    );
  };

  test('is tried again, then a dead letter; its run is Failed with the reason, and what was published stays', async () => {
    const before = await now();
    const beganAt = Date.now();
    await held(spoilOneShard);
    const failed = await ended('Failed');
    expect(failed.reason).toMatchObject({ code: 'worker_failed', detail: expect.stringContaining('PriceShards') });
    expect(failed.reason?.next).toContain('dead-letter queue');
    expect(failed.step).toBe('PriceShards');
    expect(failed.entries.PriceShards).toBeGreaterThanOrEqual(2);
    const { states, status } = await endedExecutionOf(watched.product.machine, 'splitBillArn', failed.id);
    expect([status, states.at(-1)]).toEqual(['FAILED', 'Failed']);
    expect(Date.now() - beganAt).toBeLessThan(PATIENT.timeout);
    expect(await now()).toEqual(before);
    expect((await watched.product.api.call(listDeliveries)).body.items[0]?.status).toBe('Registered');
    await watched.ringsExactly(['split-bill-failed', 'worker-gave-up']);
  });

  test('whose cause is mended is priced by a redrive, and all is quiet', async () => {
    const failed = await ended('Failed');
    await watched.product.api.call(redriveRun, { params: { runId: failed.id } });
    await goOn();
    const run = await ended('Published');
    expect(run.deliveryId).toBe(failed.deliveryId);
    await watched.ringsExactly([]);
  });
});
