import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Asks } from '../../ports/asks.ts';

/** Asks as messages on the intake and the additions queue. */
export function sqsAsks(client: SQSClient, queues: { intakeQueueUrl: string; additionsQueueUrl: string }): Asks {
  const send = async (QueueUrl: string, message: Readonly<Record<string, string>>) => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  };
  return {
    splitBill: (integrationId, period) => send(queues.intakeQueueUrl, { ask: 'split-bill', integrationId, period }),
    priceAdditions: (period) => send(queues.additionsQueueUrl, { ask: 'price-additions', period }),
  };
}
