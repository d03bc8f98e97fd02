import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elsewhere, OURS_ONLY, openTestbed, type Testbed } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const handler = { Type: 'Pass', End: true };
const invoke = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: name, Payload: { n: '{% $states.context.State.RetryCount %}' } },
  ...('Next' in more ? {} : { End: true }),
  ...more,
});
const failing =
  (errorType: string | undefined, errorMessage = 'why') =>
  () => ({
    payload: JSON.stringify({ ...(errorType === undefined ? {} : { errorType }), errorMessage }),
    functionError: 'Unhandled',
  });
const boom = (more: Readonly<Record<string, unknown>>, error = 'Boom') => ({
  P: {
    Type: 'Parallel',
    Branches: [
      { StartAt: 'X', States: { X: { Type: 'Fail', Error: error, Cause: 'c' } } },
      { StartAt: 'Y', States: { Y: { Type: 'Pass', End: true } } },
    ],
    ...more,
    End: true,
  },
  H: handler,
});

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
describe('Catch', () => {
  test('hands the error on as output unless it has an Output of its own', async () => {
    const { output } = await bed.run(boom({ Catch: [{ ErrorEquals: ['Boom'], Next: 'H' }] }));
    expect(output).toEqual({ Error: 'Boom', Cause: 'c' });
  });

  test('has $states.errorOutput in Assign and Output, with the state’s input beside it', async () => {
    const Catch = [
      {
        ErrorEquals: ['Boom'],
        Next: 'H',
        Assign: { why: '{% $states.errorOutput.Cause %}' },
        Output: '{% $states.input %}',
      },
    ];
    const states = { ...boom({ Catch }), H: { ...handler, Output: '{% [$why, $states.input] %}' } };
    expect((await bed.run(states, { a: 1 })).output).toEqual(['c', { a: 1 }]);
  });

  test('takes the first rule that answers, by the exact name', async () => {
    const rules = (...names: string[]) => names.map((name) => ({ ErrorEquals: [name], Next: 'H', Output: name }));
    expect((await bed.run(boom({ Catch: rules('boom', 'Boo', 'Boom', 'States.ALL') }))).output).toBe('Boom');
    expect((await bed.run(boom({ Catch: rules('Other', 'States.TaskFailed') }))).output).toBe('States.TaskFailed');
    expect(await bed.run(boom({ Catch: rules('Other') }))).toMatchObject({
      status: 'FAILED',
      error: 'Boom',
      cause: 'c',
    });
  });

  test('whose own Output fails ends the execution with States.QueryEvaluationError', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'H', Output: '{% $states.input.nope %}' }];
    expect(await bed.run(boom({ Catch }))).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('finds a task’s own States.QueryEvaluationError by name and by States.ALL', async () => {
    for (const name of ['States.QueryEvaluationError', 'States.ALL']) {
      const Catch = [{ ErrorEquals: [name], Next: 'H', Output: 'caught' }];
      const task = { ...bed.askTask({ Catch }), Arguments: { QueueUrl: '{% $nowhere %}' } };
      expect((await bed.run({ A: task, H: handler })).output).toBe('caught');
    }
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
describe('Retry', () => {
  const startRetrying = async (Retry: readonly object[], more = {}, others = {}) =>
    bed.start(await bed.create({ A: bed.askTask({ Retry, ...more }), ...others }));
  const failNext = async (error: string) => bed.fail(await bed.nextToken(), error);

  /** Fails the task and sees that it is tried again after just so many seconds. */
  const expectNextAfter = async (arn: string, delaySeconds: number) => {
    const scheduled = async () => (await bed.history(arn)).filter(({ type }) => type === 'TaskScheduled').length;
    await failNext('E');
    await bed.passSeconds(delaySeconds - 0.4);
    const before = await scheduled();
    await bed.passSeconds(0.8);
    expect(await scheduled()).toBe(before + 1);
  };

  test('waits IntervalSeconds grown by BackoffRate, up to MaxDelaySeconds', async () => {
    const arn = await startRetrying([
      { ErrorEquals: ['E'], IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 5, MaxAttempts: 3 },
    ]);
    for (const delay of [2, 4, 5]) await expectNextAfter(arn, delay);
    await failNext('E');
    expect(await bed.ended(arn)).toMatchObject({ status: 'FAILED', error: 'E' });
  });

  test('tries three times again, after 1, 2 and 4 seconds, where it says nothing else', async () => {
    const arn = await startRetrying([{ ErrorEquals: ['E'] }]);
    for (const delay of [1, 2, 4]) await expectNextAfter(arn, delay);
    await failNext('E');
    expect((await bed.ended(arn)).status).toBe('FAILED');
  });

  test('with MaxAttempts 0 never tries again', async () => {
    const arn = await startRetrying([
      { ErrorEquals: ['E'], MaxAttempts: 0 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 5 },
    ]);
    await failNext('E');
    expect((await bed.ended(arn)).status).toBe('FAILED');
  });

  test('counts each rule for itself, and Catch comes once the matching one is used up', async () => {
    const arn = await startRetrying(
      [
        { ErrorEquals: ['E'], IntervalSeconds: 1, MaxAttempts: 1 },
        { ErrorEquals: ['F'], IntervalSeconds: 1, MaxAttempts: 1 },
      ],
      { Catch: [{ ErrorEquals: ['E'], Next: 'H', Output: 'gave up on E' }] },
      { H: handler },
    );
    for (const error of ['E', 'F']) {
      await failNext(error);
      await bed.passSeconds(1.1);
    }
    await failNext('E');
    expect((await bed.ended(arn)).output).toBe('gave up on E');
  });

  test('with FULL jitter waits no longer than without', async () => {
    const arn = await startRetrying([
      { ErrorEquals: ['E'], IntervalSeconds: 3, MaxAttempts: 1, JitterStrategy: 'FULL' },
    ]);
    await failNext('E');
    await bed.passSeconds(3);
    await bed.succeed(await bed.nextToken(), 'again');
    expect((await bed.ended(arn)).output).toBe('again');
  });

  test('shows its count in $states.context.State.RetryCount, and arguments are evaluated anew', async () => {
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }];
    const arn = await startRetrying(Retry, { Output: '{% $states.context.State.RetryCount %}' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await failNext('E');
      await bed.passSeconds(1.1);
    }
    await bed.succeed(await bed.nextToken(), null);
    expect((await bed.ended(arn)).output).toBe(2);
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
describe.skipIf(elsewhere)(`lambda:invoke${OURS_ONLY && ` (${OURS_ONLY}its functions)`}`, () => {
  test('answers with Payload, StatusCode and ExecutedVersion', async () => {
    bed.functions.set('echo', (payload) => ({ payload: JSON.stringify({ got: payload }) }));
    const { output } = await bed.run({ A: invoke('echo') });
    expect(output).toMatchObject({ ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { got: { n: 0 } } });
  });

  test('that throws fails by the error’s own name, with its JSON as cause, and Catch finds it by that name', async () => {
    bed.functions.set('quarantine', failing('Quarantined', '{"code":"value_unreadable"}'));
    const Catch = [{ ErrorEquals: ['Quarantined'], Next: 'H', Output: '{% $parse($states.errorOutput.Cause) %}' }];
    expect((await bed.run({ A: invoke('quarantine', { Catch }), H: handler })).output).toEqual({
      errorType: 'Quarantined',
      errorMessage: '{"code":"value_unreadable"}',
    });
  });

  test('that throws is retried by name, with the retry count in its payload', async () => {
    const seen: unknown[] = [];
    bed.functions.set('flaky', (payload) => {
      seen.push(payload);
      return seen.length < 3 ? failing('TryAgain')() : { payload: '"done"' };
    });
    const Retry = [{ ErrorEquals: ['TryAgain'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 }];
    const arn = await bed.start(
      await bed.create({ A: invoke('flaky', { Retry, Output: '{% $states.result.Payload %}' }) }),
    );
    await bed.passSeconds(1.1);
    await bed.passSeconds(1.1);
    expect((await bed.ended(arn)).output).toBe('done');
    expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  test('that throws is found by States.TaskFailed and by States.ALL', async () => {
    bed.functions.set('custom', failing('Custom'));
    for (const name of ['States.TaskFailed', 'States.ALL']) {
      const Catch = [{ ErrorEquals: [name], Next: 'H', Output: '{% $states.errorOutput.Error %}' }];
      expect((await bed.run({ A: invoke('custom', { Catch }), H: handler })).output).toBe('Custom');
    }
  });

  test('without a FunctionName is States.Runtime, which is neither caught nor retried', async () => {
    const rules = {
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1 }],
      Catch: [
        { ErrorEquals: ['States.Runtime'], Next: 'H' },
        { ErrorEquals: ['States.ALL'], Next: 'H' },
      ],
    };
    const states = { A: { ...invoke('any', rules), Arguments: { Payload: {} } }, H: handler };
    expect(await bed.run(states)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('without an error type is Lambda.Unknown', async () => {
    bed.functions.set('lost', failing(undefined));
    expect(await bed.run({ A: invoke('lost') })).toMatchObject({ error: 'Lambda.Unknown' });
  });

  test('that the service refuses is Lambda and the name of the refusal', async () => {
    for (const name of ['TooManyRequestsException', 'ServiceException']) {
      bed.functions.set('busy', () => Promise.reject(Object.assign(new Error('busy'), { name })));
      expect(await bed.run({ A: invoke('busy') })).toMatchObject({ error: `Lambda.${name}`, cause: 'busy' });
    }
    expect(await bed.run({ A: invoke('none') })).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
  });

  test('that takes longer than the task’s TimeoutSeconds is States.Timeout, which States.TaskFailed does not find', async () => {
    bed.functions.set('slow', () => new Promise(() => undefined));
    const Catch = [
      { ErrorEquals: ['States.TaskFailed'], Next: 'H', Output: 'failed' },
      { ErrorEquals: ['States.ALL'], Next: 'H', Output: '{% $states.errorOutput.Error %}' },
    ];
    const arn = await bed.start(await bed.create({ A: invoke('slow', { TimeoutSeconds: 2, Catch }), H: handler }));
    await bed.passSeconds(2.1);
    expect((await bed.ended(arn)).output).toBe('States.Timeout');
  });
});
