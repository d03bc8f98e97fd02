import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Integrations } from '../../../../infra/local/step-functions/integrations/integration.ts';
import {
  type StepFunctionsStandIn,
  startStepFunctions,
} from '../../../../infra/local/step-functions/step-functions.ts';
import { type ManualClock, manualClock } from './step-functions.manual-clock.ts';
import { elsewhere, OURS_ONLY, until } from './step-functions.testbed.ts';

const askTask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { MessageBody: { token: '{% $states.context.Task.Token %}' } },
};
const roleArn = 'arn:aws:iam::111122223333:role/x';

describe.skipIf(elsewhere)(`after a restart${OURS_ONLY && ` (${OURS_ONLY}it is restarted)`}`, () => {
  let folder: string;
  let clock: ManualClock;
  let standIn: StepFunctionsStandIn;
  let client: SFNClient;
  const sent: string[] = [];
  const integrations: Integrations = {
    'arn:aws:states:::sqs:sendMessage': async (args) => {
      sent.push((args as { MessageBody: { token: string } }).MessageBody.token);
      return {};
    },
  };
  const open = async (resumeAtStart = true) => {
    standIn = await startStepFunctions({ integrations, folder, clock, resumeAtStart });
    const { endpoint } = standIn;
    const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
    client = new SFNClient({ endpoint, region: 'eu-central-1', maxAttempts: 1, credentials });
  };
  const restart = async (resumeAtStart = true) => {
    await standIn.close();
    client.destroy();
    await open(resumeAtStart);
  };
  const nextToken = () => until(async () => sent.shift(), 'a task token');
  const create = async (states: object, machine = {}) => {
    const definition = JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: Object.keys(states)[0],
      States: states,
      ...machine,
    });
    const created = await client.send(new CreateStateMachineCommand({ name: 'machine', roleArn, definition }));
    return created.stateMachineArn ?? '';
  };
  const start = async (stateMachineArn: string, input: unknown, name: string) => {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return (await client.send(command)).executionArn ?? '';
  };
  const describeNow = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const ended = (arn: string) =>
    until(async () => {
      const found = await describeNow(arn);
      return found.status === 'RUNNING' ? undefined : found;
    }, 'the end of the execution');
  const succeed = (taskToken: string, output: unknown) =>
    client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'restart-'));
    clock = manualClock();
    sent.length = 0;
    await open();
  });
  afterEach(async () => {
    await standIn.close();
    rmSync(folder, { recursive: true });
  });

  test('state machines, closed executions and their histories are there, and names stay taken', async () => {
    const arn = await create({ A: { Type: 'Pass', Output: { b: 1 }, End: true } });
    const executionArn = await start(arn, { a: 1 }, 'n1');
    const before = await ended(executionArn);
    const history = new GetExecutionHistoryCommand({ executionArn });
    const { events } = await client.send(history);
    await restart();
    expect((await client.send(new ListStateMachinesCommand({}))).stateMachines).toHaveLength(1);
    const { $metadata: _, ...after } = await describeNow(executionArn);
    expect(before).toMatchObject(after);
    expect((await client.send(new GetExecutionHistoryCommand({ executionArn }))).events).toEqual(events);
    await expect(start(arn, { a: 1 }, 'n1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    expect((await ended(await start(arn, {}, 'n2'))).status).toBe('SUCCEEDED');
  });

  test('a running execution enters its last state again, with its input and variables; the old token is dead', async () => {
    const states = {
      A: { Type: 'Pass', Assign: { x: 'kept' }, Output: { from: 'A' }, Next: 'T' },
      T: {
        ...askTask,
        Output: '{% [$x, $states.input.from, $states.result, $states.context.Execution.Input.a] %}',
        End: true,
      },
    };
    const executionArn = await start(await create(states), { a: 1 }, 'n1');
    const old = await nextToken();
    await restart();
    const fresh = await nextToken();
    await expect(succeed(old, 'old')).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await succeed(fresh, 'new');
    expect(JSON.parse((await ended(executionArn)).output ?? '')).toEqual(['kept', 'A', 'new', 1]);
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted'],
      ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited'],
      'ExecutionSucceeded',
    ]);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  });

  test('the same name with the same input is still the same execution', async () => {
    const arn = await create({ T: { ...askTask, End: true } });
    const executionArn = await start(arn, { a: 1 }, 'n1');
    await restart();
    expect(await start(arn, { a: 1 }, 'n1')).toBe(executionArn);
  });

  test('the execution’s own time-out has gone on counting', async () => {
    const arn = await create({ T: { ...askTask, End: true } }, { TimeoutSeconds: 10 });
    const executionArn = await start(arn, {}, 'n1');
    await nextToken();
    await standIn.close();
    await clock.pass(9_500);
    await open();
    await nextToken();
    await clock.pass(600);
    expect(await ended(executionArn)).toMatchObject({ status: 'TIMED_OUT' });
  });

  test('nothing goes on before resume() where that was asked for', async () => {
    const executionArn = await start(await create({ T: { ...askTask, End: true } }), {}, 'n1');
    await nextToken();
    await restart(false);
    await clock.pass(1_000);
    expect(sent).toEqual([]);
    expect((await describeNow(executionArn)).status).toBe('RUNNING');
    const other = await start(await create({ T: { ...askTask, End: true } }), {}, 'n2');
    await nextToken();
    await restart(false);
    await client.send(new StopExecutionCommand({ executionArn: other }));
    expect((await describeNow(other)).status).toBe('ABORTED');
    sent.length = 0;
    expect(standIn.resume()).toEqual([executionArn]);
    expect(standIn.resume()).toEqual([]);
    await succeed(await nextToken(), 1);
    expect((await ended(executionArn)).status).toBe('SUCCEEDED');
  });

  test('a history line that a crash cut short is dropped', async () => {
    const executionArn = await start(await create({ T: { ...askTask, End: true } }), {}, 'n1');
    await nextToken();
    await standIn.close();
    const [execution = ''] = readdirSync(join(folder, 'executions'));
    appendFileSync(join(folder, 'executions', execution, 'history.jsonl'), '{"id":6,"previ');
    await open();
    await succeed(await nextToken(), 1);
    expect((await ended(executionArn)).status).toBe('SUCCEEDED');
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  test('an execution that closed over 90 days ago is gone, and its name free', async () => {
    const arn = await create({ A: { Type: 'Pass', End: true } });
    const executionArn = await start(arn, {}, 'n1');
    await ended(executionArn);
    await standIn.close();
    await clock.pass(91 * 86_400_000);
    await open();
    await expect(describeNow(executionArn)).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
    expect(await start(arn, {}, 'n1')).toBe(executionArn);
  });
});
