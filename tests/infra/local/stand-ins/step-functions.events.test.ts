import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elsewhere, OURS_ONLY, openTestbed, type Testbed, until } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const eventsOf = (arn: string, count: number) =>
  until(async () => {
    const seen = bed.events.filter(({ detail }) => detail.executionArn === arn);
    return seen.length === count ? seen : undefined;
  }, `${count} events`);

// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
describe.skipIf(elsewhere)(`a status change${OURS_ONLY && ` (${OURS_ONLY}its listener)`}`, () => {
  test('is sent as EventBridge’s event when the execution starts and when it succeeds', async () => {
    const stateMachineArn = await bed.create({ A: { Type: 'Pass', Output: { b: 2 }, End: true } });
    const arn = await bed.start(stateMachineArn, { a: 1 }, 'n1');
    await bed.ended(arn);
    const [started, ended] = await eventsOf(arn, 2);
    const startDate = (await bed.describe(arn)).startDate?.getTime();
    expect(started).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      account: '111122223333',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'eu-central-1',
      resources: [arn],
      detail: {
        executionArn: arn,
        stateMachineArn,
        name: 'n1',
        status: 'RUNNING',
        startDate,
        stopDate: null,
        input: '{"a":1}',
        inputDetails: { included: true },
        output: null,
        outputDetails: null,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount: 0,
        redriveDate: null,
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
        error: null,
        cause: null,
      },
    });
    expect(ended?.detail).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: expect.any(Number),
      output: '{"b":2}',
      outputDetails: { included: true },
      error: null,
    });
  });

  test('tells error and cause of a failure', async () => {
    const { executionArn } = await bed.run({ F: { Type: 'Fail', Error: 'Quarantined', Cause: 'why' } });
    const [, ended] = await eventsOf(executionArn, 2);
    expect(ended?.detail).toMatchObject({
      status: 'FAILED',
      error: 'Quarantined',
      cause: 'why',
      redriveStatus: 'REDRIVABLE',
    });
  });

  test('tells of a time-out and of a stop', async () => {
    const slow = await bed.create({ W: { Type: 'Wait', Seconds: 30, End: true } }, { TimeoutSeconds: 1 });
    const [timedOut, stopped] = [await bed.start(slow), await bed.start(slow)];
    await bed.client.send(new StopExecutionCommand({ executionArn: stopped, error: 'S', cause: 'c' }));
    await bed.passSeconds(1.1);
    expect((await eventsOf(timedOut, 2))[1]?.detail).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect((await eventsOf(stopped, 2))[1]?.detail).toMatchObject({ status: 'ABORTED', error: 'S', cause: 'c' });
  });

  test('leaves out the payloads that would make it larger than an event may be', async () => {
    const big = { A: { Type: 'Pass', Output: '{% $pad("", 200000, "x") %}', End: true } };
    const arn = await bed.start(await bed.create(big), 'y'.repeat(100_000));
    await bed.ended(arn);
    expect((await eventsOf(arn, 2))[1]?.detail).toMatchObject({
      input: null,
      inputDetails: { included: false },
      outputDetails: { included: true },
    });
  });
});
