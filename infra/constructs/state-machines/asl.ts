import { Aws } from 'aws-cdk-lib';
import { CLOSE_STEP } from '../../../lib/names/steps.ts';
import type { Retry } from './retries.ts';

/** A JSONata expression, with its marks. */
export type Expression = `{% ${string} %}`;

/** A state of the Amazon States Language. Its fields are held by asl-validator, in a test. */
export type State = Readonly<Record<string, unknown>>;

/** A state machine whose states are exactly those named: one forgotten does not compile. */
export interface Definition<StateName extends string> {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: StateName;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<StateName, State>>;
}

/** Marks an expression. */
export function jsonata(expression: string): Expression {
  return `{% ${expression} %}`;
}

/** Whatever goes wrong, CloseRun hears of it, and in which state it was: a function that never began cannot have said so. */
export const CATCH_ALL = [
  {
    ErrorEquals: ['States.ALL'],
    Output: { error: jsonata('$states.errorOutput'), step: jsonata('$states.context.State.Name') },
    Next: CLOSE_STEP,
  },
] as const;

/** An optimized integration's resource, e.g. `lambda:invoke`. */
export function integration(path: string): string {
  return `arn:${Aws.PARTITION}:states:::${path}`;
}

/** A state that calls a Lambda function; its output is what the function answers. */
export interface LambdaStep {
  readonly functionArn: string;
  readonly payload: unknown;
  readonly timeoutSeconds: number;
  readonly retry: readonly Retry[];
  readonly assign?: Readonly<Record<string, unknown>>;
  readonly next: string;
}

/** Calls a Lambda function and waits for its answer. */
export function lambdaState({ functionArn, payload, timeoutSeconds, retry, assign, next }: LambdaStep): State {
  return {
    Type: 'Task',
    Resource: integration('lambda:invoke'),
    Arguments: { FunctionName: functionArn, Payload: payload },
    TimeoutSeconds: timeoutSeconds,
    Retry: retry,
    Catch: CATCH_ALL,
    ...(assign === undefined ? {} : { Assign: assign }),
    Output: jsonata('$states.result.Payload'),
    Next: next,
  };
}

/** A state that runs one Athena statement and waits until it is done. */
export interface AthenaStep {
  readonly statement: Expression;
  readonly workGroupName: string;
  readonly databaseName: string;
  readonly timeoutSeconds: number;
  readonly retry: readonly Retry[];
  readonly assign: Readonly<Record<string, unknown>>;
  readonly next: string;
}

/** Which attempt of a state this is: a retry and a redrive must not meet what the attempt before left behind. */
export const ATTEMPT =
  '$string($states.context.State.RetryCount) & "-" & ' +
  '($exists($states.context.Execution.RedriveCount) ? $string($states.context.Execution.RedriveCount) : "0")';

/** Runs a statement; Athena answers the same request token with the same query, so the token names the attempt. */
export function athenaState(step: AthenaStep): State {
  const asked = `$states.context.Execution.Id & "/" & $states.context.State.Name & "/" & ${ATTEMPT}`;
  return {
    Type: 'Task',
    Resource: integration('athena:startQueryExecution.sync'),
    Arguments: {
      QueryString: step.statement,
      ClientRequestToken: jsonata(`$hash(${asked}, "SHA-256")`),
      QueryExecutionContext: { Database: step.databaseName },
      WorkGroup: step.workGroupName,
    },
    TimeoutSeconds: step.timeoutSeconds,
    Retry: step.retry,
    Catch: CATCH_ALL,
    Assign: step.assign,
    Output: {},
    Next: step.next,
  };
}

/** Puts work into a queue and waits until a worker answers the token. */
export interface WorkerStep {
  readonly queueUrl: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly retry: readonly Retry[];
}

/** Counted from the send, so it covers the wait in the queue too; workers send a heartbeat every minute. */
const HEARTBEAT_SECONDS = 900;
/** Four times the 15 minutes a function may work: an answer that comes later is none. */
const WORKER_TIMEOUT_SECONDS = 3600;

/** The one state of a Map's iteration; the map catches what it could not mend by trying again. */
export function workerState({ queueUrl, message, retry }: WorkerStep): State {
  return {
    Type: 'Task',
    Resource: integration('sqs:sendMessage.waitForTaskToken'),
    Arguments: { QueueUrl: queueUrl, MessageBody: { token: jsonata('$states.context.Task.Token'), ...message } },
    HeartbeatSeconds: HEARTBEAT_SECONDS,
    TimeoutSeconds: WORKER_TIMEOUT_SECONDS,
    Retry: retry,
    Output: jsonata('$states.result'),
    End: true,
  };
}
