import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SqsStandIn, startSqs } from '../../../../infra/local/sqs/sqs.ts';
import { CLIENT, endpointElsewhere, isLeftOut } from './suite-target.ts';

/** A little more than the one second of visibility that the suite's queues give. */
const PAST_VISIBILITY_MILLISECONDS = 1_150;

describe.skipIf(isLeftOut('sqs'))('SQS', () => {
  const elsewhere = endpointElsewhere('sqs');
  let standIn: SqsStandIn | undefined;
  let client: SQSClient;

  beforeAll(async () => {
    standIn = elsewhere === undefined ? await startSqs() : undefined;
    client = new SQSClient({ ...CLIENT, endpoint: elsewhere ?? standIn?.endpoint ?? '' });
  });
  afterAll(async () => {
    client.destroy();
    await standIn?.close();
  });

  async function attributesOf(QueueUrl: string): Promise<Record<string, string>> {
    const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    return (await client.send(request)).Attributes ?? {};
  }

  /** A queue of its own for each test, so that none waits for another's messages. */
  async function createQueue(Attributes: Record<string, string> = {}, suffix = '') {
    const QueueName = `suite-${randomBytes(5).toString('hex')}${suffix}`;
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return {
      QueueName,
      QueueUrl,
      send: (MessageBody: string, more = {}) => client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
      async receive(more: Partial<ReceiveMessageCommandInput> = {}) {
        const all = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };
        const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...all, ...more });
        return (await client.send(request)).Messages ?? [];
      },
      delete: (ReceiptHandle = '') => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
      show: (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
        client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })),
    };
  }

  async function createQueueWithDlq(maxReceiveCount: number) {
    const dlq = await createQueue();
    const { QueueArn } = await attributesOf(dlq.QueueUrl);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount });
    return { dlq, queue: await createQueue({ VisibilityTimeout: '1', RedrivePolicy }) };
  }

  const most = 'x'.repeat(1024 * 1024);

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
  test('a message of 1 MiB is taken, and none of a byte more', async () => {
    const { send, receive } = await createQueue();
    await send(most);
    expect((await receive())[0]?.Body).toHaveLength(most.length);
    await expect(send(`${most}x`)).rejects.toThrow();
    expect(await receive()).toEqual([]);
  });

  // SendMessage lists no error of its own for it, so it is the one that all actions share.
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
  test('a message that is too long is an invalid value of a parameter', async () => {
    const { send } = await createQueue();
    await expect(send(`${most}x`)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('shorter than 1048576 bytes'),
    });
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
  test('a message arrives with its MD5, its attributes and a receive count of one', async () => {
    const queue = await createQueue();
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'x' } };
    const { MD5OfMessageBody } = await queue.send('b', { MessageAttributes });
    expect(MD5OfMessageBody).toBe(createHash('md5').update('b').digest('hex'));
    expect(await queue.receive()).toMatchObject([
      { Body: 'b', MessageAttributes, Attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) } },
    ]);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (MessageBody)
  test('a message may hold an emoji, sent alone or in a batch', async () => {
    const queue = await createQueue();
    await queue.send('one 😀 \ue000 ü');
    const Entries = [
      { Id: 'a', MessageBody: 'two 😀' },
      { Id: 'b', MessageBody: 'three' },
    ];
    await client.send(new SendMessageBatchCommand({ QueueUrl: queue.QueueUrl, Entries }));
    const bodies = (await queue.receive()).map(({ Body }) => Body);
    expect(bodies.sort()).toEqual(['one 😀 \ue000 ü', 'three', 'two 😀']);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
  test('a message in flight is hidden, then comes back counted twice under a new handle', async () => {
    const queue = await createQueue({ VisibilityTimeout: '1' });
    await queue.send('v');
    const [first] = await queue.receive();
    expect(await queue.receive()).toEqual([]);
    const counts = await attributesOf(queue.QueueUrl);
    expect([counts.ApproximateNumberOfMessages, counts.ApproximateNumberOfMessagesNotVisible]).toEqual(['0', '1']);
    const [second] = await queue.receive({ WaitTimeSeconds: 3 });
    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
  test('a message received maxReceiveCount times goes to the dead-letter queue', async () => {
    const { dlq, queue } = await createQueueWithDlq(2);
    await queue.send('poison');
    for (const count of ['1', '2']) {
      const [message] = await queue.receive({ WaitTimeSeconds: 3 });
      expect(message?.Attributes?.ApproximateReceiveCount).toBe(count);
    }
    await wait(PAST_VISIBILITY_MILLISECONDS);
    expect(await queue.receive()).toEqual([]);
    expect((await dlq.receive({ WaitTimeSeconds: 3 })).map(({ Body }) => Body)).toEqual(['poison']);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
  test('a heartbeat on a message is no receipt: it does not bring it nearer to the dead-letter queue', async () => {
    const { dlq, queue } = await createQueueWithDlq(2);
    await queue.send('slow');
    const [message] = await queue.receive();
    for (let beat = 0; beat < 4; beat++) await queue.show(message?.ReceiptHandle, 30);
    await queue.show(message?.ReceiptHandle, 0);
    const [again] = await queue.receive({ WaitTimeSeconds: 3 });
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(await dlq.receive()).toEqual([]);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
  test('a prolonged message stays hidden past its queue’s timeout', async () => {
    const queue = await createQueue({ VisibilityTimeout: '1' });
    await queue.send('kept');
    const [message] = await queue.receive();
    await queue.show(message?.ReceiptHandle, 30);
    await wait(PAST_VISIBILITY_MILLISECONDS);
    expect(await queue.receive()).toEqual([]);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
  test('a message given back at once can be taken again and deleted for good', async () => {
    const queue = await createQueue({ VisibilityTimeout: '1' });
    await queue.send('v');
    const [taken] = await queue.receive();
    await queue.show(taken?.ReceiptHandle, 0);
    const [again] = await queue.receive({ WaitTimeSeconds: 1 });
    await queue.delete(again?.ReceiptHandle);
    await wait(PAST_VISIBILITY_MILLISECONDS);
    expect(await queue.receive()).toEqual([]);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
  test('a long poll for ten answers as soon as one is there', async () => {
    const queue = await createQueue();
    const begun = performance.now();
    const polling = queue.receive({ WaitTimeSeconds: 10 });
    await wait(200);
    await queue.send('l');
    expect((await polling).map(({ Body }) => Body)).toEqual(['l']);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
  test('a short poll of an empty queue answers at once', async () => {
    const queue = await createQueue();
    const begun = performance.now();
    expect(await queue.receive()).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(900);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
  test('of a batch the bad entry fails alone, and delayed messages wait', async () => {
    const queue = await createQueue();
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `${index}`,
      MessageBody: index === 3 ? '\u0001' : `${index}`,
      DelaySeconds: 1,
    }));
    const { Successful, Failed } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queue.QueueUrl, Entries }),
    );
    expect([Successful?.length, Failed?.map(({ Id }) => Id)]).toEqual([9, ['3']]);
    expect(await queue.receive()).toEqual([]);
    await wait(PAST_VISIBILITY_MILLISECONDS);
    const received = await queue.receive({ WaitTimeSeconds: 1 });
    const handles = received.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    const deleted = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue.QueueUrl, Entries: handles }));
    expect(deleted.Successful).toHaveLength(received.length);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
  test('a FIFO queue drops doubles and locks a group while one of it is in flight', async () => {
    const queue = await createQueue({ FifoQueue: 'true' }, '.fifo');
    const send = (body: string, MessageDeduplicationId: string) =>
      queue.send(body, { MessageGroupId: 'g', MessageDeduplicationId });
    await send('1', 'a');
    await send('1', 'a');
    await send('2', 'b');
    const [first] = await queue.receive({ MaxNumberOfMessages: 1 });
    expect(first?.Body).toBe('1');
    expect(await queue.receive()).toEqual([]);
    await queue.delete(first?.ReceiptHandle);
    expect((await queue.receive({ WaitTimeSeconds: 1 })).map(({ Body }) => Body)).toEqual(['2']);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
  test('a queue is found by its name until it is deleted', async () => {
    const { QueueName, QueueUrl } = await createQueue();
    const find = () => client.send(new GetQueueUrlCommand({ QueueName }));
    expect((await find()).QueueUrl).toBe(QueueUrl);
    await client.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(find()).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
  test('a queue created again as it is, is the same queue', async () => {
    const { QueueName, QueueUrl } = await createQueue({ VisibilityTimeout: '7' });
    const same = new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '7' } });
    expect((await client.send(same)).QueueUrl).toBe(QueueUrl);
    const other = client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '8' } }));
    await expect(other).rejects.toMatchObject({ name: 'QueueNameExists' });
  });
});
