import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bill } from '../lib/pipeline/receive-bill/small-bill.ts';
import { FAULTS_AT_REST, FAULTS_AT_WORK, type Fault } from './alarms/faults.ts';
import { openWatched, type WatchedMachine } from './alarms/watched-machine.ts';
import { PATIENT } from './deliver-anyhow.ts';
import { propertiesOf } from './edited-template.ts';

/** Rings from the making of a stack until its first delivery. */
const NEVER_DELIVERED = 'no-delivery-for-36-hours';

/** Whether a mapping feeds from a queue of work, and not from its dead letters. */
const feedsWork = (mapping: unknown) =>
  /^Pipeline[A-Z][a-z]+Queue/.test(Mapping.parse(mapping).EventSourceArn['Fn::GetAtt'][0]);
const Mapping = z.object({ EventSourceArn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }) });

/** The whole course of one fault: exactly its alarms, and none of them once it is over. */
async function course(watched: WatchedMachine, { rings, plant, mend }: Fault, always: readonly string[]) {
  expect(watched.ringing()).toEqual(always);
  await plant(watched);
  await watched.ringsExactly([...rings, ...always]);
  await mend?.(watched);
  await watched.ringsExactly(always);
}

describe('on a machine whose work queues nobody consumes', PATIENT, () => {
  let watched: WatchedMachine;
  beforeAll(async () => {
    watched = await openWatched((template) => {
      for (const { Type, Properties = {} } of Object.values(template.Resources))
        if (Type === 'AWS::Lambda::EventSourceMapping' && feedsWork(Properties)) Properties.Enabled = false;
    });
    await watched.ringsExactly([NEVER_DELIVERED]);
  });
  afterAll(() => watched.product.close());

  test.each(Object.entries(FAULTS_AT_REST))('%s rings for its fault, alone, and is quiet again', async (_, fault) => {
    await course(watched, fault, [NEVER_DELIVERED]);
  });
});

describe('on a machine at work', PATIENT, () => {
  let watched: WatchedMachine;
  beforeAll(async () => {
    watched = await openWatched((template) => {
      const queue = propertiesOf(template, 'AWS::SQS::Queue', 'PipelineIntakeQueue');
      queue.RedrivePolicy = { ...Object(queue.RedrivePolicy), maxReceiveCount: 1 };
    });
    await watched.product.connect('acme');
    await watched.ringsExactly([NEVER_DELIVERED]);
    await watched.product.receive('acme', 'bill.csv', bill([{}]));
    await watched.product.published();
    await watched.ringsExactly([]);
  });
  afterAll(() => watched.product.close());

  test.each(Object.entries(FAULTS_AT_WORK))('%s: rings, and the runbook’s way makes it well', async (_, fault) => {
    await course(watched, fault, []);
  });

  test('alarms are read by DescribeAlarms', async () => {
    const answer = await fetch(watched.product.machine.endpoints.CLOUDWATCH, {
      method: 'POST',
      headers: { 'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarms' },
      body: '{}',
    });
    const { MetricAlarms } = Described.parse(await answer.json());
    expect(MetricAlarms.map(({ StateValue }) => StateValue)).toEqual(MetricAlarms.map(() => 'OK'));
    expect(MetricAlarms).toHaveLength(watched.product.machine.cloudWatch.alarms().length);
  });
});

const Described = z.object({ MetricAlarms: z.array(z.object({ AlarmName: z.string(), StateValue: z.string() })) });
