import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elsewhere, OURS_ONLY, openTestbed, type Testbed } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const handler = { Type: 'Pass', End: true };
const processor = (state: Readonly<Record<string, unknown>>, others = {}) => ({
  ProcessorConfig: { Mode: 'INLINE' },
  StartAt: 'In',
  States: { In: state, ...others },
});
const askingMap = (items: unknown, more: Readonly<Record<string, unknown>> = {}, others = {}) => ({
  M: {
    Type: 'Map',
    Items: items,
    ItemProcessor: processor(bed.askTask()),
    ...('Next' in more ? {} : { End: true }),
    ...more,
  },
  ...others,
});
const typesOf = async (arn: string) => (await bed.history(arn)).map(({ type }) => type);

// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
describe('an inline Map', () => {
  test('hands each item with its index through ItemSelector and answers in the order of the items', async () => {
    const { output } = await bed.run(
      {
        A: { Type: 'Pass', Assign: { k: 10 }, Next: 'M' },
        M: {
          Type: 'Map',
          Items: '{% [3, 1, 2] %}',
          MaxConcurrency: 2,
          ItemSelector: {
            v: '{% $states.context.Map.Item.Value %}',
            i: '{% $states.context.Map.Item.Index %}',
            all: '{% $states.input.a %}',
          },
          ItemProcessor: processor({
            Type: 'Pass',
            Output: '{% $states.input.v * $k + $states.input.i + $states.input.all %}',
            End: true,
          }),
          End: true,
        },
      },
      { a: 100 },
    );
    expect(output).toEqual([130, 111, 122]);
  });

  test('has its item in the context of the states inside too', async () => {
    const inside = { Type: 'Pass', Output: '{% $states.context.Map.Item %}', End: true };
    const { output } = await bed.run({
      M: { Type: 'Map', Items: ['a', 'b'], ItemProcessor: processor(inside), End: true },
    });
    expect(output).toEqual([
      { Index: 0, Value: 'a' },
      { Index: 1, Value: 'b' },
    ]);
  });

  test('takes its input for items where it names none, and of no items makes no results', async () => {
    const map = { Type: 'Map', ItemProcessor: processor(handler), End: true };
    expect((await bed.run({ M: map }, [1, { b: 2 }])).output).toEqual([1, { b: 2 }]);
    expect((await bed.run({ M: map }, [])).output).toEqual([]);
  });

  test('over a list of one, from a payload or a variable, is a Map of one', async () => {
    const { output } = await bed.run(
      {
        A: { Type: 'Pass', Assign: { shards: '{% $states.input.shards %}' }, Next: 'M' },
        M: {
          Type: 'Map',
          Items: '{% $shards %}',
          ItemProcessor: processor(handler),
          Output: '{% $states.result %}',
          End: true,
        },
      },
      { shards: [7] },
    );
    expect(output).toEqual([7]);
  });

  test('whose Items are no list fails with States.QueryEvaluationError', async () => {
    const map = { Type: 'Map', Items: '{% 3 %}', ItemProcessor: processor(handler), End: true };
    expect(await bed.run({ M: map })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('runs at most MaxConcurrency at once, and the next as one ends', async () => {
    const arn = await bed.start(await bed.create(askingMap([1, 2, 3, 4, 5], { MaxConcurrency: '{% 2 %}' })));
    const first = [await bed.nextToken(), await bed.nextToken()];
    await bed.passSeconds(0.1);
    expect((await typesOf(arn)).filter((type) => type === 'MapIterationStarted')).toHaveLength(2);
    await bed.succeed(first[1] ?? '', 'x');
    const third = await bed.nextToken();
    expect((await typesOf(arn)).filter((type) => type === 'MapIterationStarted')).toHaveLength(3);
    for (const token of [first[0] ?? '', third]) await bed.succeed(token, 'x');
    for (let rest = 0; rest < 2; rest += 1) await bed.succeed(await bed.nextToken(), 'x');
    expect((await bed.ended(arn)).output).toEqual(['x', 'x', 'x', 'x', 'x']);
  });

  test('runs 40 at once at most where it sets no limit', async () => {
    const items = Array.from({ length: 45 }, (_, index) => index);
    const arn = await bed.start(await bed.create(askingMap(items)));
    const tokens: string[] = [];
    for (let started = 0; started < 40; started += 1) tokens.push(await bed.nextToken());
    expect((await typesOf(arn)).filter((type) => type === 'MapIterationStarted')).toHaveLength(40);
    for (const token of tokens) await bed.succeed(token, 1);
    for (let rest = 0; rest < 5; rest += 1) await bed.succeed(await bed.nextToken(), 1);
    expect((await bed.ended(arn)).output).toHaveLength(45);
  });

  test('fails with the error of its first failed item, and the others are stopped and their tokens dead', async () => {
    const Catch = [{ ErrorEquals: ['Mine'], Next: 'H', Output: '{% $states.errorOutput %}' }];
    const arn = await bed.start(
      await bed.create(askingMap([1, 2, 3, 4], { MaxConcurrency: 3, Catch }, { H: handler })),
    );
    const [one = '', two = '', three = ''] = [await bed.nextToken(), await bed.nextToken(), await bed.nextToken()];
    await bed.succeed(one, 1);
    const four = await bed.nextToken();
    await bed.fail(two, 'Mine', 'why');
    expect((await bed.ended(arn)).output).toEqual({ Error: 'Mine', Cause: 'why' });
    for (const token of [three, four])
      await expect(bed.succeed(token, 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    const types = await typesOf(arn);
    expect(types.filter((type) => type === 'MapIterationFailed')).toHaveLength(1);
    expect(types.filter((type) => type === 'MapIterationAborted')).toHaveLength(2);
    expect(types).toContain('MapStateFailed');
  });

  test('starts no further item after a failure', async () => {
    const arn = await bed.start(await bed.create(askingMap([1, 2, 3], { MaxConcurrency: 1 })));
    await bed.fail(await bed.nextToken(), 'Mine');
    expect((await bed.ended(arn)).status).toBe('FAILED');
    expect((await typesOf(arn)).filter((type) => type === 'MapIterationStarted')).toHaveLength(1);
  });

  test('retried begins with all items again', async () => {
    const Retry = [{ ErrorEquals: ['Mine'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const arn = await bed.start(await bed.create(askingMap([1, 2], { MaxConcurrency: 1, Retry })));
    await bed.succeed(await bed.nextToken(), 'a');
    await bed.fail(await bed.nextToken(), 'Mine');
    await bed.passSeconds(1.1);
    await bed.succeed(await bed.nextToken(), 'b');
    await bed.succeed(await bed.nextToken(), 'c');
    expect((await bed.ended(arn)).output).toEqual(['b', 'c']);
  });

  test('retries an item inside without the others knowing', async () => {
    const Retry = [{ ErrorEquals: ['Mine'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const arn = await bed.start(
      await bed.create(askingMap([1, 2], { MaxConcurrency: 1, ItemProcessor: processor(bed.askTask({ Retry })) })),
    );
    await bed.fail(await bed.nextToken(), 'Mine');
    await bed.passSeconds(1.1);
    await bed.succeed(await bed.nextToken(), 'a');
    await bed.succeed(await bed.nextToken(), 'b');
    expect((await bed.ended(arn)).output).toEqual(['a', 'b']);
  });

  // https://states-language.net/spec.html#map-state-failure-tolerance
  test('with ToleratedFailureCount leaves failed items out, and one more is States.ExceedToleratedFailureThreshold', async () => {
    const failOdd = processor(
      { Type: 'Choice', Choices: [{ Condition: '{% $states.input % 2 = 1 %}', Next: 'Odd' }], Default: 'Even' },
      { Odd: { Type: 'Fail', Error: 'Odd' }, Even: handler },
    );
    const map = (tolerated: object) => ({ M: { Type: 'Map', ItemProcessor: failOdd, ...tolerated, End: true } });
    expect((await bed.run(map({ ToleratedFailureCount: 2 }), [1, 2, 3, 4])).output).toEqual([2, 4]);
    expect((await bed.run(map({ ToleratedFailurePercentage: '{% 50 %}' }), [1, 2, 3, 4])).output).toEqual([2, 4]);
    expect(await bed.run(map({ ToleratedFailureCount: 1 }), [1, 2, 3, 4])).toMatchObject({
      error: 'States.ExceedToleratedFailureThreshold',
    });
  });

  test('inside a Map sees the inner item and the variables of both', async () => {
    const inner = {
      Type: 'Map',
      Items: '{% $states.input %}',
      ItemProcessor: {
        StartAt: 'Deep',
        States: { Deep: { Type: 'Pass', Output: '{% $states.context.Map.Item.Value * $k %}', End: true } },
      },
      End: true,
    };
    const { output } = await bed.run({
      A: { Type: 'Pass', Assign: { k: 10 }, Output: [[1, 2], [3]], Next: 'M' },
      M: { Type: 'Map', ItemProcessor: processor(inner), End: true },
    });
    expect(output).toEqual([[10, 20], [30]]);
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
describe('a Parallel', () => {
  const branch = (name: string, state: Readonly<Record<string, unknown>>) => ({
    StartAt: name,
    States: { [name]: state },
  });

  test('gives every branch its Arguments and answers in the order of the branches', async () => {
    const Branches = [branch('X', { ...handler, Output: '{% $states.input.a + 1 %}' }), branch('Y', handler)];
    const { output } = await bed.run(
      { P: { Type: 'Parallel', Arguments: { a: '{% $states.input.b %}' }, Branches, End: true } },
      { b: 1 },
    );
    expect(output).toEqual([2, { a: 1 }]);
  });

  test('stops the other branches when one fails', async () => {
    const Branches = [branch('X', bed.askTask()), branch('Y', bed.askTask())];
    const arn = await bed.start(await bed.create({ P: { Type: 'Parallel', Branches, End: true } }));
    const [one, other] = [await bed.nextToken(), await bed.nextToken()];
    await bed.fail(one, 'Mine');
    expect(await bed.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Mine' });
    await expect(bed.succeed(other, 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
describe.skipIf(elsewhere)(`the history${OURS_ONLY && ` (${OURS_ONLY}the order of its events)`}`, () => {
  test('names what happened as AWS does, each event after the one before it', async () => {
    const arn = await bed.start(
      await bed.create(askingMap([7], { Catch: [{ ErrorEquals: ['E'], Next: 'H' }] }, { H: handler })),
    );
    await bed.fail(await bed.nextToken(), 'E', 'c');
    await bed.ended(arn);
    const events = await bed.history(arn);
    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'MapStateEntered'],
      [3, 2, 'MapStateStarted'],
      [4, 3, 'MapIterationStarted'],
      [5, 4, 'TaskStateEntered'],
      [6, 5, 'TaskScheduled'],
      [7, 6, 'TaskStarted'],
      [8, 7, 'TaskSubmitted'],
      [9, 8, 'TaskFailed'],
      [10, 9, 'MapIterationFailed'],
      [11, 10, 'MapStateFailed'],
      [12, 11, 'MapStateExited'],
      [13, 12, 'PassStateEntered'],
      [14, 13, 'PassStateExited'],
      [15, 14, 'ExecutionSucceeded'],
    ]);
    expect(events[0]?.executionStartedEventDetails).toMatchObject({ input: '{}', inputDetails: { truncated: false } });
    expect(events[2]?.mapStateStartedEventDetails).toEqual({ length: 1 });
    expect(events[3]?.mapIterationStartedEventDetails).toEqual({ name: 'M', index: 0 });
    expect(events[4]?.stateEnteredEventDetails).toMatchObject({ name: 'In', input: '7' });
    expect(events[5]?.taskScheduledEventDetails).toMatchObject({
      resourceType: 'sqs',
      resource: 'sendMessage.waitForTaskToken',
      region: 'eu-central-1',
      parameters: expect.stringContaining('"MessageBody":{"token":'),
    });
    expect(events[8]?.taskFailedEventDetails).toMatchObject({ error: 'E', cause: 'c' });
    expect(events[11]?.stateExitedEventDetails).toMatchObject({ name: 'M', output: '{"Error":"E","Cause":"c"}' });
    expect(events[0]?.timestamp).toBeInstanceOf(Date);
  });

  test('shows what a state assigned, and where an expression failed', async () => {
    const states = {
      A: { Type: 'Pass', Assign: { x: [1] }, Next: 'B' },
      B: { Type: 'Pass', Output: { y: '{% $nope %}' }, End: true },
    };
    const events = await bed.history((await bed.run(states)).executionArn);
    expect(events[2]?.stateExitedEventDetails?.assignedVariables).toEqual({ x: '[1]' });
    expect(events[4]).toMatchObject({
      type: 'EvaluationFailed',
      evaluationFailedEventDetails: { state: 'B', location: 'Output/y', error: 'States.QueryEvaluationError' },
    });
    expect(events[5]?.type).toBe('ExecutionFailed');
  });
});
