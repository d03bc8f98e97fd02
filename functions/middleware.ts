import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ReturnMessage } from '../lib/adapters/sqs/sqs-return.ts';
import { Problem } from '../lib/domain/problem.ts';
import { ERROR_NAMES } from '../lib/names/error-names.ts';
import { idsOf } from './ids-of.ts';
import { returnMessage } from './live.ts';
import { logger, metrics, tracer } from './telemetry.ts';

/**
 * A Lambda handler of one step of a state machine. A Problem leaves as an error named `Quarantined` whose message is the
 * problem's JSON, for the machine's Catch to find; any other error leaves as it is.
 */
export function pipelineHandler<Answer>(step: string, act: (event: unknown) => Promise<Answer>) {
  return instrumented(async (event: unknown): Promise<Answer> => {
    logger.appendKeys({ step, ...idsOf(event) });
    try {
      const answer = await act(event);
      logger.info('done', { ...idsOf(answer) });
      return answer;
    } catch (error) {
      throw told(error);
    }
  });
}

/** A fault that passes by itself is over by then; a message that is never done is in its DLQ within a minute. */
const AGAIN_AFTER_SECONDS = 10;

/**
 * A Lambda handler that consumes a queue: `act` gets each message's JSON. A message whose `act` throws goes back alone
 * and comes again soon, until the queue's DLQ takes it (`ReportBatchItemFailures` is on in the template). One that
 * cannot be given back comes again at its visibility time-out.
 */
export function queueHandler(
  step: string,
  act: (message: unknown) => Promise<unknown>,
  giveBack: ReturnMessage = returnMessage(),
) {
  return instrumented(async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { messageId, body, receiptHandle, eventSourceARN } of event.Records) {
      try {
        const message: unknown = JSON.parse(body);
        logger.appendKeys({ step, ...idsOf(message) });
        logger.info('done', { ...idsOf(await act(message)) });
      } catch (error) {
        told(error);
        batchItemFailures.push({ itemIdentifier: messageId });
        await giveBack({ receiptHandle, eventSourceARN }, AGAIN_AFTER_SECONDS).catch(told);
      }
    }
    return { batchItemFailures };
  });
}

/** Counts one, or so many, for a metric of `METRICS`, in the log at once. */
export function count(metric: string, many = 1): void {
  metrics.singleMetric().addMetric(metric, MetricUnit.Count, many);
}

/** Answers hold places and ids of bills: X-Ray gets durations, never contents. */
function instrumented<Event, Answer>(handler: (event: Event) => Promise<Answer>) {
  return middy<Event, Answer>()
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .handler(handler);
}

function told(error: unknown): Error {
  if (!(error instanceof Problem)) {
    const thrown = error instanceof Error ? error : new Error(String(error));
    logger.error('broke off', thrown);
    return thrown;
  }
  logger.warn('quarantined', { code: error.code });
  const quarantined = new Error(JSON.stringify(error.stored()));
  quarantined.name = ERROR_NAMES.quarantined;
  return quarantined;
}
