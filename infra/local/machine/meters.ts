import type { CloudWatchStandIn } from '../cloudwatch/cloudwatch.ts';
import { embeddedMetrics } from '../cloudwatch/embedded-metrics.ts';
import type { InvocationOutcome, LogLine } from '../lambda/lambda-function.ts';
import type { SqsStandIn } from '../sqs/sqs.ts';
import type { StatusChangeEvent } from '../step-functions/status-change-event.ts';

/** What becomes of an execution's end, by the metric's name ("CloudWatch metrics for Step Functions"). */
const EXECUTION_METRICS: Readonly<Record<string, string>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

/** The metrics that AWS's services put by themselves, made of what the stand-ins tell. */
export function meters(put: CloudWatchStandIn['put']) {
  return {
    /** "Viewing metrics for Lambda functions": errors are put as 0 or 1 with each invocation. */
    invocation: (FunctionName: string, outcome: InvocationOutcome): void => {
      const metric = (name: string) => ({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName } });
      put(metric('Throttles'), outcome === 'throttled' ? 1 : 0);
      if (outcome === 'throttled') return;
      put(metric('Invocations'), 1);
      put(metric('Errors'), outcome === 'error' ? 1 : 0);
    },
    execution: ({ detail }: StatusChangeEvent): void => {
      const name = EXECUTION_METRICS[detail.status];
      const dimensions = { StateMachineArn: detail.stateMachineArn };
      if (name !== undefined) put({ namespace: 'AWS/States', name, dimensions }, 1);
    },
    /** "Working with metrics for HTTP APIs". */
    answer: (ApiId: string, statusCode: number): void => {
      const metric = (name: string) => ({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId } });
      put(metric('Count'), 1);
      put(metric('4xx'), statusCode >= 400 && statusCode < 500 ? 1 : 0);
      put(metric('5xx'), statusCode >= 500 ? 1 : 0);
    },
    line: ({ line, stream }: LogLine): void => {
      if (stream !== 'stdout') return;
      for (const { metric, value } of embeddedMetrics(line)) put(metric, value);
    },
  };
}

/**
 * Puts the depths of all queues, as SQS does every minute. A message's age goes by the clock that metrics go by, from
 * when the message was first seen.
 */
export function queueMeter(
  sqs: Pick<SqsStandIn, 'depths'>,
  now: () => number,
): (put: CloudWatchStandIn['put']) => Promise<void> {
  const oldest = new Map<string, { readonly sentAt: number; readonly sentByClock: number }>();
  const ageSeconds = (queueName: string, sentAt: number | undefined): number => {
    if (sentAt === undefined) return 0;
    const known = oldest.get(queueName);
    const seen = known?.sentAt === sentAt ? known : { sentAt, sentByClock: now() - (Date.now() - sentAt) };
    oldest.set(queueName, seen);
    return Math.floor((now() - seen.sentByClock) / 1000);
  };
  return async (put) => {
    for (const [QueueName, { visible, notVisible, oldestSentAt }] of await sqs.depths()) {
      const metric = (name: string) => ({ namespace: 'AWS/SQS', name, dimensions: { QueueName } });
      put(metric('ApproximateNumberOfMessagesVisible'), visible);
      put(metric('ApproximateNumberOfMessagesNotVisible'), notVisible);
      put(metric('ApproximateAgeOfOldestMessage'), ageSeconds(QueueName, oldestSentAt));
    }
  };
}
