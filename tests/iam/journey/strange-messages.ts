import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import type { Product } from '../../journeys/open-product.ts';
import { clientsOf, outputOf } from './administrator.ts';

const QUEUE_URLS = [
  OUTPUTS.intakeQueueUrl,
  OUTPUTS.convertQueueUrl,
  OUTPUTS.priceQueueUrl,
  OUTPUTS.additionsQueueUrl,
  OUTPUTS.listsQueueUrl,
  OUTPUTS.previewsQueueUrl,
  OUTPUTS.convertDeadLetterQueueUrl,
  OUTPUTS.priceDeadLetterQueueUrl,
] as const;

/** Every queue gets a message that nobody can read, and each worker’s an old one, whose task has long been answered. */
export async function sendStrangeMessages(product: Product): Promise<void> {
  const { sqs } = clientsOf(product);
  const send = (url: (typeof QUEUE_URLS)[number], body: unknown) =>
    sqs.send(new SendMessageCommand({ QueueUrl: outputOf(product, url), MessageBody: JSON.stringify(body) }));
  await Promise.all(QUEUE_URLS.map((url) => send(url, { strange: true })));
  const convert = await oldTask(product, outputOf(product, OUTPUTS.receiveBillArn));
  const price = await oldTask(product, outputOf(product, OUTPUTS.splitBillArn));
  await send(OUTPUTS.convertDeadLetterQueueUrl, convert);
  await send(OUTPUTS.priceDeadLetterQueueUrl, price);
  await send(OUTPUTS.priceQueueUrl, price);
}

const Parameters = z.object({ MessageBody: z.unknown() });

/** The message of a task of the last execution that had one. */
async function oldTask(product: Product, stateMachineArn: string): Promise<unknown> {
  const { sfn } = clientsOf(product);
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }));
  for (const { executionArn } of executions) {
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    for (const { taskScheduledEventDetails: scheduled } of events)
      if (scheduled?.resource?.endsWith('waitForTaskToken'))
        return Parameters.parse(JSON.parse(scheduled.parameters ?? '')).MessageBody;
  }
  throw new Error(`${stateMachineArn} has had no task with a token`);
}
