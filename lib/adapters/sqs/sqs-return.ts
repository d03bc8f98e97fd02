import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A received message, as Lambda's event names it. */
export interface ReceivedMessage {
  readonly receiptHandle: string;
  /** `arn:aws:sqs:<region>:<account>:<name>`. */
  readonly eventSourceARN: string;
}

/** Gives a message back to its queue. */
export type ReturnMessage = (message: ReceivedMessage, afterSeconds: number) => Promise<void>;

/**
 * Has a message come again after `afterSeconds` instead of at its visibility time-out, which is several times the
 * consumer's own time-out.
 */
export function sqsReturn(client: SQSClient): ReturnMessage {
  return async ({ receiptHandle, eventSourceARN }, afterSeconds) => {
    const [account, QueueName] = eventSourceARN.split(':').slice(4);
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: account }));
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: afterSeconds }),
    );
  };
}
