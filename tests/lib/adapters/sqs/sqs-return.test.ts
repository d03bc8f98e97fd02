import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SqsStandIn, startSqs } from '../../../../infra/local/sqs/sqs.ts';
import { sqsReturn } from '../../../../lib/adapters/sqs/sqs-return.ts';

let standIn: SqsStandIn;
let client: SQSClient;
beforeAll(async () => {
  standIn = await startSqs();
  const credentials = { accessKeyId: '111122223333', secretAccessKey: 'test' };
  client = new SQSClient({ region: 'eu-central-1', endpoint: standIn.endpoint, credentials });
});
afterAll(async () => {
  client.destroy();
  await standIn.close();
});

test('a message that is given back comes again at once, not at its visibility time-out', async () => {
  const Attributes = { VisibilityTimeout: '900' };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'work', Attributes }));
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'task' }));
  const receive = async () =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))).Messages?.[0];
  const first = await receive();
  expect(await receive()).toBeUndefined();
  const eventSourceARN = 'arn:aws:sqs:eu-central-1:111122223333:work';
  await sqsReturn(client)({ receiptHandle: first?.ReceiptHandle ?? '', eventSourceARN }, 0);
  expect((await receive())?.Body).toBe('task');
});
