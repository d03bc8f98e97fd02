import { SendTaskSuccessCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestbed, type Testbed } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const handler = { Type: 'Pass', End: true };
const startAsking = async (more: Readonly<Record<string, unknown>> = {}, others = {}) =>
  bed.start(await bed.create({ A: bed.askTask(more), ...others }));
const late = { name: 'TaskTimedOut' };

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
describe('a task token', () => {
  test('answered with SendTaskSuccess makes its output the task’s result', async () => {
    const arn = await startAsking({ Output: '{% $states.result.v %}' });
    await bed.succeed(await bed.nextToken(), { v: 7 });
    expect(await bed.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: 7 });
  });

  test('answered with SendTaskFailure fails the task by that name, which Catch finds', async () => {
    const Catch = [{ ErrorEquals: ['Mine'], Next: 'H', Output: '{% $states.errorOutput %}' }];
    const arn = await startAsking({ Catch }, { H: handler });
    await bed.fail(await bed.nextToken(), 'Mine', 'why');
    expect((await bed.ended(arn)).output).toEqual({ Error: 'Mine', Cause: 'why' });
  });

  test('failed without a cause has none in $states.errorOutput', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'H', Output: '{% $states.errorOutput %}' }];
    const arn = await startAsking({ Catch }, { H: handler });
    await bed.fail(await bed.nextToken(), 'Mine');
    expect((await bed.ended(arn)).output).toEqual({ Error: 'Mine' });
  });

  test('is minted anew for each retry, and the old one is dead', async () => {
    const arn = await startAsking({ Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 1, MaxAttempts: 1 }] });
    const first = await bed.nextToken();
    await bed.fail(first, 'Again');
    await bed.passSeconds(1);
    const second = await bed.nextToken();
    expect(second).not.toBe(first);
    await expect(bed.succeed(first, 1)).rejects.toMatchObject(late);
    await expect(bed.heartbeat(first)).rejects.toMatchObject(late);
    await bed.succeed(second, 2);
    expect((await bed.ended(arn)).output).toBe(2);
  });

  test('answered twice is TaskTimedOut the second time', async () => {
    const arn = await startAsking();
    const token = await bed.nextToken();
    await bed.succeed(token, 1);
    await expect(bed.succeed(token, 2)).rejects.toMatchObject(late);
    await expect(bed.fail(token, 'Late')).rejects.toMatchObject(late);
    expect((await bed.ended(arn)).output).toBe(1);
  });

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
  test('that is nonsense is InvalidToken', async () => {
    for (const token of ['x', 'AQCEAAAAKgAAAAMAAAAA', Buffer.from('a.b').toString('base64')])
      await expect(bed.succeed(token, 1)).rejects.toMatchObject({ name: 'InvalidToken' });
  });

  test('answered with something that is no JSON is InvalidOutput and stays open', async () => {
    const arn = await startAsking();
    const taskToken = await bed.nextToken();
    const nonsense = bed.client.send(new SendTaskSuccessCommand({ taskToken, output: '{' }));
    await expect(nonsense).rejects.toMatchObject({ name: 'InvalidOutput' });
    await bed.succeed(taskToken, { ok: true });
    expect((await bed.ended(arn)).output).toEqual({ ok: true });
  });

  test('of a stopped execution is dead', async () => {
    const executionArn = await startAsking();
    const token = await bed.nextToken();
    await bed.client.send(new StopExecutionCommand({ executionArn }));
    await expect(bed.succeed(token, 1)).rejects.toMatchObject(late);
    await expect(bed.heartbeat(token)).rejects.toMatchObject(late);
    expect((await bed.ended(executionArn)).status).toBe('ABORTED');
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
describe('TimeoutSeconds of a task', () => {
  test('fails it with States.Timeout, and the late answer is TaskTimedOut', async () => {
    const arn = await startAsking({ TimeoutSeconds: 2 });
    const token = await bed.nextToken();
    await bed.passSeconds(1);
    expect((await bed.describe(arn)).status).toBe('RUNNING');
    await bed.passSeconds(1.1);
    expect(await bed.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await expect(bed.succeed(token, 1)).rejects.toMatchObject(late);
  });

  test('may be an expression, and is not moved by heartbeats', async () => {
    const arn = await startAsking({ TimeoutSeconds: '{% 1 + 2 %}', HeartbeatSeconds: '{% 2 %}' });
    const token = await bed.nextToken();
    await bed.passSeconds(1.5);
    await bed.heartbeat(token);
    await bed.passSeconds(1.4);
    expect((await bed.describe(arn)).status).toBe('RUNNING');
    await bed.passSeconds(0.3);
    expect(await bed.ended(arn)).toMatchObject({ error: 'States.Timeout' });
  });

  test('counts anew for each retry', async () => {
    const arn = await startAsking({
      TimeoutSeconds: 2,
      Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
    });
    const first = await bed.nextToken();
    await bed.passSeconds(3.1);
    const second = await bed.nextToken();
    await expect(bed.heartbeat(first)).rejects.toMatchObject(late);
    await bed.passSeconds(1.5);
    await bed.succeed(second, 'in time');
    expect((await bed.ended(arn)).output).toBe('in time');
  });

  test('that is no positive whole number fails with States.QueryEvaluationError', async () => {
    expect(await bed.run({ A: bed.askTask({ TimeoutSeconds: '{% 0 %}' }) })).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-hearbeat
describe('HeartbeatSeconds', () => {
  const Catch = [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'H', Output: 'missed' }];

  test('counts from the send: a worker that never speaks is missed by then', async () => {
    const arn = await startAsking({ TimeoutSeconds: 60, HeartbeatSeconds: 2, Catch }, { H: handler });
    const token = await bed.nextToken();
    await bed.passSeconds(1.8);
    expect((await bed.describe(arn)).status).toBe('RUNNING');
    await bed.passSeconds(0.4);
    expect((await bed.ended(arn)).output).toBe('missed');
    await expect(bed.heartbeat(token)).rejects.toMatchObject(late);
    await expect(bed.succeed(token, 1)).rejects.toMatchObject(late);
  });

  test('is renewed by each heartbeat, and missed that long after the last', async () => {
    const arn = await startAsking({ TimeoutSeconds: 60, HeartbeatSeconds: 2, Catch }, { H: handler });
    const token = await bed.nextToken();
    for (let beat = 0; beat < 3; beat += 1) {
      await bed.passSeconds(1.5);
      await bed.heartbeat(token);
    }
    await bed.passSeconds(1.8);
    expect((await bed.describe(arn)).status).toBe('RUNNING');
    await bed.passSeconds(0.4);
    expect((await bed.ended(arn)).output).toBe('missed');
  });

  test('missed and not caught ends the execution with States.Timeout, the name its history has too', async () => {
    const arn = await startAsking({ TimeoutSeconds: 60, HeartbeatSeconds: 1 });
    await bed.nextToken();
    await bed.passSeconds(1.2);
    expect(await bed.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    const timedOut = (await bed.history(arn)).find(({ type }) => type === 'TaskTimedOut');
    expect(timedOut?.taskTimedOutEventDetails).toMatchObject({ error: 'States.Timeout', resourceType: 'sqs' });
  });

  test('missed is found by States.Timeout too, but not by States.TaskFailed', async () => {
    const rules = [
      { ErrorEquals: ['States.TaskFailed'], Next: 'H', Output: 'task failed' },
      { ErrorEquals: ['States.Timeout'], Next: 'H', Output: 'timed out' },
    ];
    const arn = await startAsking({ HeartbeatSeconds: 1, Catch: rules }, { H: handler });
    await bed.nextToken();
    await bed.passSeconds(1.2);
    expect((await bed.ended(arn)).output).toBe('timed out');
  });

  test('missed and retried asks again with a fresh token', async () => {
    const Retry = [{ ErrorEquals: ['States.HeartbeatTimeout'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const arn = await startAsking({ HeartbeatSeconds: 2, Retry });
    const first = await bed.nextToken();
    await bed.passSeconds(3.2);
    const second = await bed.nextToken();
    await expect(bed.succeed(first, 'old')).rejects.toMatchObject(late);
    await bed.succeed(second, 'new');
    expect((await bed.ended(arn)).output).toBe('new');
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
test('TimeoutSeconds of the state machine ends the execution as TIMED_OUT, whatever it is doing', async () => {
  const states = {
    M: {
      Type: 'Map',
      Items: [1, 2],
      ItemProcessor: { StartAt: 'A', States: { A: bed.askTask() } },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'H' }],
      End: true,
    },
    H: handler,
  };
  const arn = await bed.start(await bed.create(states, { TimeoutSeconds: 3 }));
  const tokens = [await bed.nextToken(), await bed.nextToken()];
  await bed.passSeconds(3.1);
  expect(await bed.ended(arn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  for (const token of tokens) await expect(bed.succeed(token, 1)).rejects.toMatchObject(late);
  expect((await bed.history(arn)).at(-1)?.type).toBe('ExecutionTimedOut');
});
