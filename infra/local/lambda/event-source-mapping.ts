import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { failedItems } from './failed-items.ts';
import type { LambdaStandIn } from './lambda.ts';
import { sqsEvent } from './sqs-event.ts';

/** One AWS::Lambda::EventSourceMapping of a queue. */
export interface EventSourceMapping {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly functionName: string;
  /** The function's role, with whose rights the poller receives and deletes. */
  readonly roleArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  /** `ScalingConfig.MaximumConcurrency`; invocations of this mapping at one time. */
  readonly concurrencyMax: number;
}

/** A mapping that polls until it is closed. */
export interface RunningMapping {
  close(): Promise<void>;
}

/** Long polling at its maximum; a receive answers at once when a message comes. */
const WAIT_SECONDS = 20;
/** A receive takes ten messages at most; larger batches are gathered. */
const RECEIVE_MAX = 10;
/** What the poller is scaled by. */
const COUNTS: QueueAttributeName[] = ['ApproximateNumberOfMessages'];
/** Pause after a refusal (throttled function, absent queue), so that an error does not spin. */
const PAUSE_MILLISECONDS = 500;

/**
 * Receives from a queue, invokes the function, deletes what succeeded. What fails stays in flight until the queue's
 * visibility time-out gives it back: the redrive policy is the queue's business, not the mapping's.
 */
export function runEventSourceMapping(
  mapping: EventSourceMapping,
  sqs: SQSClient,
  lambda: Pick<LambdaStandIn, 'invoke'>,
  onProblem: (problem: string) => void,
): RunningMapping {
  const abort = new AbortController();
  const running = new Set<Promise<void>>();

  const receive = async (countMax: number, waitSeconds: number): Promise<readonly Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: mapping.queueUrl,
        MaxNumberOfMessages: Math.min(countMax, RECEIVE_MAX),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: abort.signal },
    );
    return Messages;
  };
  /** One batch: the first messages that come, and what else comes within the batching window. */
  const gather = async (): Promise<readonly Message[]> => {
    const batch = [...(await receive(mapping.batchSize, WAIT_SECONDS))];
    const until = Date.now() + mapping.batchingWindowSeconds * 1000;
    while (batch.length > 0 && batch.length < mapping.batchSize && Date.now() < until)
      batch.push(
        ...(await receive(mapping.batchSize - batch.length, Math.min(1, Math.ceil((until - Date.now()) / 1000)))),
      );
    return batch;
  };
  const process = async (batch: readonly Message[]): Promise<void> => {
    const ids = batch.map(({ MessageId = '' }) => MessageId);
    const result = await lambda.invoke(mapping.functionName, JSON.stringify(sqsEvent(batch, mapping.queueArn)));
    if (result.functionError !== undefined) return;
    const failed = mapping.reportBatchItemFailures ? failedItems(result.payload, ids) : new Set<string>();
    const done = batch.filter(({ MessageId = '' }) => !failed.has(MessageId));
    for (let start = 0; start < done.length; start += RECEIVE_MAX)
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: mapping.queueUrl,
          Entries: done
            .slice(start, start + RECEIVE_MAX)
            .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        }),
        { abortSignal: abort.signal },
      );
  };
  const problem = async (error: unknown): Promise<void> => {
    if (abort.signal.aborted) return;
    onProblem(`${mapping.functionName} ← ${mapping.queueArn}: ${String(error)}`);
    await sleep(PAUSE_MILLISECONDS, undefined, { signal: abort.signal }).catch(() => undefined);
  };
  // The poller looks how much there is to do: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  const measure = () =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl: mapping.queueUrl, AttributeNames: COUNTS }), {
      abortSignal: abort.signal,
    });
  const poll = async (): Promise<void> => {
    let isMeasured = false;
    while (!abort.signal.aborted) {
      try {
        if (!isMeasured) await measure();
        isMeasured = true;
        const batch = await gather();
        if (batch.length > 0) track(process(batch).catch(problem));
      } catch (error) {
        await problem(error);
      }
      while (running.size >= mapping.concurrencyMax) await Promise.race(running);
    }
  };
  const track = (work: Promise<void>) => {
    const tracked = work.finally(() => running.delete(tracked));
    running.add(tracked);
  };
  const polling = poll();
  return {
    close: async () => {
      abort.abort();
      await polling;
      await Promise.all(running);
    },
  };
}
