import { ERROR_NAMES } from '../../../lib/names/error-names.ts';

/** A retry policy in the Amazon States Language. */
export interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
}

/** Lambda's own trouble. 2 s doubled six times: two minutes in all, longer than a burst of throttling lasts. */
export const LAMBDA_TROUBLE: Retry = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 6,
};

/** A step says "later". 3 s doubled six times: three minutes in all, longer than a lease takes to be handed over. */
export const TRY_AGAIN: Retry = {
  ErrorEquals: [ERROR_NAMES.tryAgain],
  IntervalSeconds: 3,
  BackoffRate: 2,
  MaxAttempts: 6,
};

/** Athena takes no more. 5 s growing by half, ten times: nine and a half minutes, longer than one queue takes to drain. */
export const ATHENA_THROTTLED: Retry = {
  ErrorEquals: ['Athena.TooManyRequestsException'],
  IntervalSeconds: 5,
  BackoffRate: 1.5,
  MaxAttempts: 10,
};

/** A query failed, which Athena does not tell from a wrong one. 5 and 10 s: a wrong one fails within a minute. */
export const ATHENA_FAILED: Retry = {
  ErrorEquals: ['States.TaskFailed'],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxAttempts: 2,
};

/** A worker fell silent (crash, out of memory) or gave its message up: one more try on a fresh message and token. */
export const WORKER_LOST: Retry = {
  ErrorEquals: ['States.HeartbeatTimeout', ERROR_NAMES.workerFailed],
  IntervalSeconds: 5,
  BackoffRate: 1,
  MaxAttempts: 1,
};

/** SQS did not take the message. 2 s doubled four times: half a minute. */
export const QUEUE_TROUBLE: Retry = {
  ErrorEquals: ['SQS.SdkClientException', 'SQS.AmazonSQSException'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 4,
};

/** CloseRun must get through: 5 s doubled seven times, ten minutes in all; after that the schedule finds the run. */
export const CLOSE_ANYHOW: Retry = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxAttempts: 7,
};
