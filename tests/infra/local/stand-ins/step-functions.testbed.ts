import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Integrations } from '../../../../infra/local/step-functions/integrations/integration.ts';
import { type LambdaAnswer, lambdaInvoke } from '../../../../infra/local/step-functions/integrations/lambda-invoke.ts';
import type { StatusChangeEvent } from '../../../../infra/local/step-functions/status-change-event.ts';
import { startStepFunctions } from '../../../../infra/local/step-functions/step-functions.ts';
import { manualClock } from './step-functions.manual-clock.ts';

/** States by name; the first is where the machine starts. */
export type States = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Another endpoint to run the suite against: all services behind one address. */
const other = process.env.STAND_IN === 'step-functions' ? process.env.ENDPOINT : undefined;

/** True where the suite runs against somebody else's Step Functions. */
export const elsewhere = other !== undefined;

/** Why a test of what only our own process can show is skipped elsewhere. */
export const OURS_ONLY = elsewhere ? 'needs this process: ' : '';

const config = {
  region: 'eu-central-1',
  maxAttempts: 1,
  credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
};

/** What a function of the test's own does with its payload. */
type LambdaBehaviour = (payload: unknown) => Promise<LambdaAnswer> | LambdaAnswer;

/** A Step Functions with a queue for task tokens, time that can be passed, and short ways to ask for things. */
export interface Testbed {
  readonly client: SFNClient;
  readonly queueUrl: string;
  /** Status changes seen so far; always empty elsewhere. */
  readonly events: readonly StatusChangeEvent[];
  /** Functions that `lambda:invoke` finds, by name; not elsewhere. */
  readonly functions: Map<string, LambdaBehaviour>;
  /** Lets time pass: at once with our own clock, for real elsewhere. */
  passSeconds(seconds: number): Promise<void>;
  /** Creates a state machine and answers its ARN. */
  create(states: States, machine?: Readonly<Record<string, unknown>>): Promise<string>;
  start(stateMachineArn: string, input?: unknown, name?: string): Promise<string>;
  describe(executionArn: string): Promise<DescribeExecutionOutput>;
  /** Waits until the execution has ended. */
  ended(executionArn: string): Promise<Ended>;
  /** Lets time pass until the execution has ended: for work whose steps take real time between their waits. */
  endedWhilePassing(executionArn: string): Promise<Ended>;
  /** Creates, starts and waits. */
  run(states: States, input?: unknown, machine?: Readonly<Record<string, unknown>>): Promise<Ended>;
  /** The next task token that was sent to the queue. */
  nextToken(): Promise<string>;
  /** A Task that sends its token to the queue and waits. */
  askTask(more?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  succeed(taskToken: string, output: unknown): Promise<unknown>;
  fail(taskToken: string, error: string, cause?: string): Promise<unknown>;
  heartbeat(taskToken: string): Promise<unknown>;
  history(executionArn: string): Promise<HistoryEvent[]>;
  close(): Promise<void>;
}

/** How an execution ended, with its output parsed. */
interface Ended {
  readonly executionArn: string;
  readonly status: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly output: unknown;
}

/** Real time a test waits for something that must come. */
const PATIENCE_MILLISECONDS = 15_000;

/** Asks until there is an answer. @throws where none comes. */
export async function until<Found>(ask: () => Promise<Found | undefined>, what: string): Promise<Found> {
  const end = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
    await pause(5);
  }
}

/** @param extra integrations beside `sqs:sendMessage` and `lambda:invoke`; not used elsewhere. */
export async function openTestbed(extra: Integrations = {}): Promise<Testbed> {
  const clock = manualClock();
  const sent: string[] = [];
  const events: StatusChangeEvent[] = [];
  const functions = new Map<string, LambdaBehaviour>();
  const integrations: Integrations = {
    'arn:aws:states:::sqs:sendMessage': async (args) => {
      sent.push((args as { MessageBody: { token: string } }).MessageBody.token);
      return { MessageId: randomUUID() };
    },
    'arn:aws:states:::lambda:invoke': lambdaInvoke(async ({ functionName, payload }) => {
      const behaviour = functions.get(functionName);
      if (behaviour === undefined)
        throw Object.assign(new Error('no such function'), { name: 'ResourceNotFoundException' });
      return behaviour(JSON.parse(payload));
    }),
    ...extra,
  };
  const ours = elsewhere
    ? undefined
    : await startStepFunctions({ integrations, clock, onStatusChange: (event) => void events.push(event) });
  const endpoint = ours?.endpoint ?? other ?? '';
  const client = new SFNClient({ ...config, endpoint });
  const queue = new SQSClient({ ...config, endpoint });
  const queueUrl = elsewhere
    ? ((await queue.send(new CreateQueueCommand({ QueueName: `tokens-${randomUUID()}` }))).QueueUrl ?? '')
    : 'http://queue';

  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const create: Testbed['create'] = async (states, machine = {}) => {
    const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...machine };
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: `m-${randomUUID()}`,
        roleArn: 'arn:aws:iam::111122223333:role/x',
        definition: JSON.stringify(definition),
      }),
    );
    return stateMachineArn ?? '';
  };
  const start: Testbed['start'] = async (stateMachineArn, input = {}, name = randomUUID()) => {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return (await client.send(command)).executionArn ?? '';
  };
  const ended: Testbed['ended'] = async (executionArn) => {
    const { status, error, cause, output } = await until(async () => {
      const found = await describe(executionArn);
      return found.status === 'RUNNING' ? undefined : found;
    }, 'the end of the execution');
    return { executionArn, status, error, cause, output: output === undefined ? undefined : JSON.parse(output) };
  };
  const passSeconds = (seconds: number) => (elsewhere ? pause(seconds * 1000) : clock.pass(seconds * 1000));
  const received = async (): Promise<string | undefined> => {
    if (!elsewhere) return sent.shift();
    const asked = new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 1 });
    const [message] = (await queue.send(asked)).Messages ?? [];
    if (message === undefined) return undefined;
    await queue.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    return JSON.parse(message.Body ?? '{}').token;
  };
  return {
    client,
    queueUrl,
    events,
    functions,
    passSeconds,
    create,
    start,
    describe,
    ended,
    endedWhilePassing: async (executionArn) => {
      await until(async () => {
        await passSeconds(0.25);
        return (await describe(executionArn)).status === 'RUNNING' ? undefined : true;
      }, 'the end of the execution');
      return ended(executionArn);
    },
    run: async (states, input, machine) => ended(await start(await create(states, machine), input)),
    nextToken: () => until(received, 'a task token'),
    askTask: (more = {}) => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: { QueueUrl: queueUrl, MessageBody: { token: '{% $states.context.Task.Token %}' } },
      ...('Next' in more ? {} : { End: true }),
      ...more,
    }),
    succeed: (taskToken, output) =>
      client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
    fail: (taskToken, error, cause) => client.send(new SendTaskFailureCommand({ taskToken, error, cause })),
    heartbeat: (taskToken) => client.send(new SendTaskHeartbeatCommand({ taskToken })),
    history: async (executionArn) =>
      (await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? [],
    close: async () => {
      client.destroy();
      queue.destroy();
      await ours?.close();
    },
  };
}
