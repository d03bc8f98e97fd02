import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestbed, type Testbed } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const waiting = { W: { Type: 'Wait', Seconds: 30, End: true } };
const passing = { P: { Type: 'Pass', End: true } };
const roleArn = 'arn:aws:iam::111122223333:role/x';
const text = (states: object, comment = '') =>
  JSON.stringify({ Comment: comment, QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
const nowhere = (kind: string) =>
  `arn:aws:states:eu-central-1:111122223333:${kind}:nothing-of-that-name${kind === 'execution' ? ':x' : ''}`;

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
describe('an execution’s name', () => {
  test('started again with the same input while it runs is the same execution', async () => {
    const arn = await bed.create(waiting);
    const [one, other] = [await bed.start(arn, { a: 1 }, 'n1'), await bed.start(arn, { a: 1 }, 'n1')];
    expect(other).toBe(one);
    expect((await bed.client.send(new ListExecutionsCommand({ stateMachineArn: arn }))).executions).toHaveLength(1);
  });

  test('with another input is ExecutionAlreadyExists, and once it has ended with any input', async () => {
    const arn = await bed.create(waiting);
    const executionArn = await bed.start(arn, {}, 'n1');
    await expect(bed.start(arn, { a: 1 }, 'n1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await bed.client.send(new StopExecutionCommand({ executionArn }));
    await expect(bed.start(arn, {}, 'n1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test('is free for another state machine', async () => {
    const names = [await bed.create(passing), await bed.create(passing)];
    const arns = await Promise.all(names.map((arn) => bed.start(arn, {}, 'shared')));
    for (const arn of arns) expect((await bed.ended(arn)).status).toBe('SUCCEEDED');
  });

  test('has at most 80 characters and none that AWS excludes', async () => {
    const arn = await bed.create(passing);
    for (const name of ['a b', 'a/b', 'a*b', 'a:b', 'x'.repeat(81)])
      await expect(bed.start(arn, {}, name)).rejects.toMatchObject({ name: 'InvalidName' });
    expect((await bed.ended(await bed.start(arn, {}, 'x_1-2.3'))).status).toBe('SUCCEEDED');
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
describe('StartExecution', () => {
  test('refuses an input that is no JSON', async () => {
    const stateMachineArn = await bed.create(passing);
    const started = bed.client.send(new StartExecutionCommand({ stateMachineArn, input: '{' }));
    await expect(started).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  });

  test('makes a name and an empty object where it is given neither', async () => {
    const stateMachineArn = await bed.create(passing);
    const { executionArn = '', startDate } = await bed.client.send(new StartExecutionCommand({ stateMachineArn }));
    expect(startDate).toBeInstanceOf(Date);
    await bed.ended(executionArn);
    expect(await bed.describe(executionArn)).toMatchObject({
      input: '{}',
      output: '{}',
      status: 'SUCCEEDED',
      redriveCount: 0,
    });
  });

  test('knows no state machine that is not there', async () => {
    await expect(bed.start(nowhere('stateMachine'))).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(bed.start('nonsense')).rejects.toMatchObject({ name: 'InvalidArn' });
    await expect(bed.describe(nowhere('execution'))).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
describe('StopExecution', () => {
  test('ends the execution as ABORTED with the error and cause given, which no Catch sees', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'H' }];
    const arn = await bed.start(await bed.create({ A: bed.askTask({ Catch }), H: { Type: 'Pass', End: true } }));
    await bed.nextToken();
    const { stopDate } = await bed.client.send(
      new StopExecutionCommand({ executionArn: arn, error: 'S', cause: 'because' }),
    );
    expect(stopDate).toBeInstanceOf(Date);
    expect(await bed.describe(arn)).toMatchObject({ status: 'ABORTED', error: 'S', cause: 'because' });
    const last = (await bed.history(arn)).at(-1);
    expect(last).toMatchObject({
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'S', cause: 'because' },
    });
    await bed.passSeconds(0.1);
    expect((await bed.history(arn)).at(-1)?.id).toBe(last?.id);
  });

  test('of one that has ended changes nothing', async () => {
    const { executionArn } = await bed.run(passing);
    await bed.client.send(new StopExecutionCommand({ executionArn, error: 'S' }));
    expect((await bed.describe(executionArn)).status).toBe('SUCCEEDED');
    const unknown = bed.client.send(new StopExecutionCommand({ executionArn: nowhere('execution') }));
    await expect(unknown).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
test('ListExecutions pages through one state machine’s executions, newest first, and filters by status', async () => {
  const stateMachineArn = await bed.create({
    C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n % 2 = 0 %}', Next: 'S' }], Default: 'F' },
    S: { Type: 'Succeed' },
    F: { Type: 'Fail', Error: 'Odd' },
  });
  for (let n = 0; n < 5; n += 1) {
    await bed.ended(await bed.start(stateMachineArn, { n }, `n${n}`));
    await bed.passSeconds(0.01);
  }
  const names: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await bed.client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken }));
    expect(page.executions?.length).toBeLessThanOrEqual(2);
    names.push(...(page.executions ?? []).map(({ name }) => name));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  expect(names).toEqual(['n4', 'n3', 'n2', 'n1', 'n0']);
  const failed = await bed.client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' }));
  expect(failed.executions?.map(({ name, status }) => [name, status])).toEqual([
    ['n3', 'FAILED'],
    ['n1', 'FAILED'],
  ]);
  expect(failed.executions?.[0]?.startDate).toBeInstanceOf(Date);
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
test('GetExecutionHistory pages forwards and backwards over the same events', async () => {
  const { executionArn } = await bed.run({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', End: true } });
  const idsOf = async (reverseOrder: boolean) => {
    const ids: (number | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const request = new GetExecutionHistoryCommand({ executionArn, reverseOrder, maxResults: 4, nextToken });
      const page = await bed.client.send(request);
      ids.push(...(page.events ?? []).map(({ id }) => id));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return ids;
  };
  expect(await idsOf(false)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await idsOf(true)).toEqual([6, 5, 4, 3, 2, 1]);
  const bare = await bed.client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
  expect(bare.events?.[0]?.executionStartedEventDetails?.input).toBeUndefined();
  const nonsense = bed.client.send(new GetExecutionHistoryCommand({ executionArn, nextToken: 'nonsense' }));
  await expect(nonsense).rejects.toMatchObject({ name: 'InvalidToken' });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
describe('a state machine', () => {
  test('created again the same is the same, and created differently is StateMachineAlreadyExists', async () => {
    const create = (definition: string) =>
      bed.client.send(new CreateStateMachineCommand({ name: `same-${process.pid}`, roleArn, definition }));
    const one = await create(text(passing));
    expect((await create(text(passing))).stateMachineArn).toBe(one.stateMachineArn);
    await expect(create(text(waiting))).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
    expect(one.creationDate).toBeInstanceOf(Date);
  });

  test('is described as it was created, and listed by name', async () => {
    const stateMachineArn = await bed.create(passing);
    const described = await bed.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ stateMachineArn, roleArn, status: 'ACTIVE', type: 'STANDARD' });
    expect(JSON.parse(described.definition ?? '').States).toEqual(passing);
    const names: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await bed.client.send(new ListStateMachinesCommand({ maxResults: 3, nextToken }));
      names.push(...(page.stateMachines ?? []).map(({ name }) => name));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names).toContain(described.name);
    expect(names).toEqual([...names].sort());
  });

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
  test('updated runs its new definition, while executions under way keep the old one', async () => {
    const stateMachineArn = await bed.create({
      A: bed.askTask({ Next: 'B' }),
      B: { Type: 'Pass', Output: 'old', End: true },
    });
    const before = await bed.start(stateMachineArn);
    const token = await bed.nextToken();
    const updated = { N: { Type: 'Pass', Output: 'new', End: true } };
    await bed.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: text(updated) }));
    expect((await bed.ended(await bed.start(stateMachineArn))).output).toBe('new');
    await bed.succeed(token, 1);
    expect((await bed.ended(before)).output).toBe('old');
    const forExecution = new DescribeStateMachineForExecutionCommand({ executionArn: before });
    expect((await bed.client.send(forExecution)).definition).toContain('"old"');
    const nothing = bed.client.send(new UpdateStateMachineCommand({ stateMachineArn }));
    await expect(nothing).rejects.toMatchObject({ name: 'MissingRequiredParameter' });
    const broken = bed.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: '{}' }));
    await expect(broken).rejects.toMatchObject({ name: 'InvalidDefinition' });
  });

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
  test('deleted is gone with its executions, and deleting it again is no error', async () => {
    const stateMachineArn = await bed.create({ A: bed.askTask() });
    await bed.start(stateMachineArn);
    const token = await bed.nextToken();
    await bed.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await expect(bed.start(stateMachineArn)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(bed.succeed(token, 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await bed.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
describe('RedriveExecution', () => {
  test('runs a failed execution again from the state that failed, with its variables, and counts', async () => {
    const states = {
      A: { Type: 'Pass', Assign: { x: 'kept' }, Next: 'T' },
      T: bed.askTask({ Output: '{% [$x, $states.input.a, $states.context.Execution.RedriveCount] %}' }),
    };
    const executionArn = await bed.start(await bed.create(states), { a: 1 });
    await bed.fail(await bed.nextToken(), 'Mine');
    await bed.ended(executionArn);
    expect((await bed.describe(executionArn)).redriveStatus).toBe('REDRIVABLE');
    await bed.client.send(new RedriveExecutionCommand({ executionArn }));
    await bed.succeed(await bed.nextToken(), 1);
    expect((await bed.ended(executionArn)).output).toEqual(['kept', 1, 1]);
    const described = await bed.describe(executionArn);
    expect(described).toMatchObject({ redriveCount: 1, redriveStatus: 'NOT_REDRIVABLE' });
    expect(described.error).toBeUndefined();
    expect((await bed.history(executionArn)).map(({ type }) => type)).toContain('ExecutionRedriven');
  });

  test('refuses one that succeeded', async () => {
    const { executionArn } = await bed.run(passing);
    const redriven = bed.client.send(new RedriveExecutionCommand({ executionArn }));
    await expect(redriven).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
  });
});
