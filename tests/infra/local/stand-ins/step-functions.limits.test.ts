import { SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elsewhere, OURS_ONLY, openTestbed, type Testbed } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const LIMIT_BYTES = 262_144;
/** A string whose JSON has exactly so many bytes. */
const jsonOf = (bytes: number) => `{% $pad("", ${bytes - 2}, "x") %}`;
const exceeded = { status: 'FAILED', error: 'States.DataLimitExceeded' };
const end = { Type: 'Pass', End: true };

// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
describe('a payload of 256 KiB', () => {
  test('passes as a state’s output, and with one byte more fails with States.DataLimitExceeded', async () => {
    expect((await bed.run({ A: { ...end, Output: jsonOf(LIMIT_BYTES) } })).status).toBe('SUCCEEDED');
    expect(await bed.run({ A: { ...end, Output: jsonOf(LIMIT_BYTES + 1) } })).toMatchObject(exceeded);
  });

  test('is counted in bytes of UTF-8', async () => {
    const umlauts = (count: number) => `{% $pad("", ${count}, "ü") %}`;
    expect((await bed.run({ A: { ...end, Output: umlauts(LIMIT_BYTES / 2 - 1) } })).status).toBe('SUCCEEDED');
    expect(await bed.run({ A: { ...end, Output: umlauts(LIMIT_BYTES / 2) } })).toMatchObject(exceeded);
  });

  test('holds for a task’s arguments, before anything is sent', async () => {
    const Arguments = {
      QueueUrl: bed.queueUrl,
      MessageBody: { token: '{% $states.context.Task.Token %}', big: jsonOf(LIMIT_BYTES) },
    };
    const { executionArn, ...ended } = await bed.run({ A: bed.askTask({ Arguments }) });
    expect(ended).toMatchObject(exceeded);
    expect((await bed.history(executionArn)).map(({ type }) => type)).not.toContain('TaskScheduled');
  });

  test('holds for variables, the ones of one state taken together', async () => {
    const half = jsonOf(LIMIT_BYTES / 2);
    expect((await bed.run({ A: { ...end, Assign: { x: half } } })).status).toBe('SUCCEEDED');
    expect(await bed.run({ A: { ...end, Assign: { x: half, y: half } } })).toMatchObject(exceeded);
  });

  test('holds for the results of a Map and a Parallel taken together, not for each alone', async () => {
    const big = { ...end, Output: jsonOf(100_000) };
    const map = (items: number[]) => ({
      M: { Type: 'Map', Items: items, ItemProcessor: { StartAt: 'B', States: { B: big } }, Output: 'small', End: true },
    });
    expect((await bed.run(map([1, 2]))).status).toBe('SUCCEEDED');
    expect(await bed.run(map([1, 2, 3]))).toMatchObject(exceeded);
    const Branches = ['X', 'Y', 'Z'].map((name) => ({ StartAt: name, States: { [name]: big } }));
    expect(await bed.run({ P: { Type: 'Parallel', Branches, End: true } })).toMatchObject(exceeded);
  });

  test('holds for what SendTaskSuccess brings: too many bytes fail the task', async () => {
    const arn = await bed.start(await bed.create({ A: bed.askTask() }));
    await bed.succeed(await bed.nextToken(), 'ü'.repeat(LIMIT_BYTES / 2));
    expect(await bed.ended(arn)).toMatchObject(exceeded);
  });

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
  test('holds for the API, which counts characters and refuses the call', async () => {
    const arn = await bed.start(await bed.create({ A: bed.askTask() }));
    const taskToken = await bed.nextToken();
    const output = JSON.stringify('x'.repeat(LIMIT_BYTES));
    const answered = bed.client.send(new SendTaskSuccessCommand({ taskToken, output }));
    await expect(answered).rejects.toMatchObject({ name: 'ValidationException' });
    await bed.succeed(taskToken, 'x'.repeat(LIMIT_BYTES - 2));
    expect((await bed.ended(arn)).status).toBe('SUCCEEDED');
    const stateMachineArn = await bed.create({ A: end });
    const started = bed.client.send(new StartExecutionCommand({ stateMachineArn, input: output }));
    await expect(started).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
describe('States.DataLimitExceeded', () => {
  const tooBig = (rules: Readonly<Record<string, unknown>>) => ({
    P: {
      Type: 'Parallel',
      Branches: [{ StartAt: 'B', States: { B: { ...end, Output: jsonOf(LIMIT_BYTES + 1) } } }],
      ...rules,
      End: true,
    },
    H: { ...end, Output: 'caught' },
  });

  test('is caught neither by States.ALL nor by States.TaskFailed', async () => {
    const Catch = [
      { ErrorEquals: ['States.TaskFailed'], Next: 'H' },
      { ErrorEquals: ['States.ALL'], Next: 'H' },
    ];
    expect(await bed.run(tooBig({ Catch }))).toMatchObject(exceeded);
  });

  test('is not retried by States.ALL', async () => {
    const Catch = [{ ErrorEquals: ['Never'], Next: 'H' }];
    const ended = await bed.run(
      tooBig({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 5 }], Catch }),
    );
    expect(ended).toMatchObject(exceeded);
    const entered = (await bed.history(ended.executionArn)).filter(({ type }) => type === 'PassStateEntered');
    expect(entered).toHaveLength(1);
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
test.skipIf(elsewhere)(
  `an execution with 25,000 events fails with States.Runtime, which nothing catches${OURS_ONLY && ` (${OURS_ONLY}25,000 events are dear)`}`,
  async () => {
    const spinning = {
      StartAt: 'A',
      States: {
        A: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.stop = true %}', Next: 'S' }], Default: 'B' },
        B: { Type: 'Pass', Next: 'A' },
        S: { Type: 'Succeed' },
      },
    };
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'H' }];
    const ended = await bed.run({ P: { Type: 'Parallel', Branches: [spinning], Catch, End: true }, H: end });
    expect(ended).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
  },
  60_000,
);
