import type { Clock } from '../clock.ts';

/** How a Task waits: for the call's answer, for the job it starts, or for its token to be answered. */
export type IntegrationPattern = 'requestResponse' | 'sync' | 'waitForTaskToken';

/** What a call to a service knows about the task that makes it. */
export interface IntegrationContext {
  readonly pattern: IntegrationPattern;
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly stateName: string;
  /** Only with `waitForTaskToken`: what the arguments' `$states.context.Task.Token` was. */
  readonly taskToken: string | undefined;
  /** Aborted when nobody waits any more: the task timed out, a sibling failed, the execution was stopped or ended. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** With `sync`: says what the call that starts the job answered, for the history's TaskSubmitted. */
  submitted(output: unknown): void;
}

/**
 * One service integration: takes a Task's evaluated Arguments, answers its result as plain JSON.
 *
 * With `waitForTaskToken` it only sends; the interpreter waits for the token. With `sync` it answers once the job has ended.
 *
 * @throws {StateError} of the error's name and cause, as Retry and Catch are to see them; anything else thrown becomes
 * `States.TaskFailed`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
export type Integration = (args: unknown, context: IntegrationContext) => Promise<unknown>;

/** Integrations by resource ARN without its pattern: `arn:aws:states:::sqs:sendMessage`. */
export type Integrations = Readonly<Record<string, Integration>>;
