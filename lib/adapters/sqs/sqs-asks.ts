import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Asks, OperatorAsks, PreviewAsks } from '../../ports/asks.ts';

/** Asks for SplitBill as messages on the intake queue. */
export function sqsSplitBillAsks(client: SQSClient, intakeQueueUrl: string): Pick<Asks, 'splitBill'> {
  return {
    splitBill: (integrationId, period) => send(client, intakeQueueUrl, { ask: 'split-bill', integrationId, period }),
  };
}

/** Asks for PriceAdditions as messages on the additions queue. */
export function sqsPriceAdditionsAsks(client: SQSClient, additionsQueueUrl: string): Pick<Asks, 'priceAdditions'> {
  return { priceAdditions: (period) => send(client, additionsQueueUrl, { ask: 'price-additions', period }) };
}

/** Asks for previews as messages on their queue. */
export function sqsPreviewAsks(client: SQSClient, previewsQueueUrl: string): PreviewAsks {
  return { preview: (previewId) => send(client, previewsQueueUrl, { ask: 'preview', id: previewId }) };
}

/** Asks of an operator's: lists on their own queue, deliveries on the intake queue. */
export function sqsOperatorAsks(
  client: SQSClient,
  queues: { intakeQueueUrl: string; listsQueueUrl: string },
): OperatorAsks {
  return {
    writeLists: (integrationId, period) =>
      send(client, queues.listsQueueUrl, { ask: 'write-lists', integrationId, period }),
    receiveAgain: (deliveryId, attempt) =>
      send(client, queues.intakeQueueUrl, { ask: 'receive-bill', deliveryId, attempt }),
  };
}

/** Both kinds of asks of the pipeline's own. */
export function sqsAsks(client: SQSClient, queues: { intakeQueueUrl: string; additionsQueueUrl: string }): Asks {
  return {
    ...sqsSplitBillAsks(client, queues.intakeQueueUrl),
    ...sqsPriceAdditionsAsks(client, queues.additionsQueueUrl),
  };
}

async function send(
  client: SQSClient,
  QueueUrl: string,
  message: Readonly<Record<string, string | number>>,
): Promise<void> {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
}
