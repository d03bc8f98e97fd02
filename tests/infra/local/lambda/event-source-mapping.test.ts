import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningMapping, runEventSourceMapping } from '../../../../infra/local/lambda/event-source-mapping.ts';
import { failedItems } from '../../../../infra/local/lambda/failed-items.ts';
import { type LambdaStandIn, startLambda } from '../../../../infra/local/lambda/lambda.ts';
import { type SqsStandIn, startSqs } from '../../../../infra/local/sqs/sqs.ts';
import { bundleOf, functionOf } from './bundle-of.ts';

const QUEUE_ARN = 'arn:aws:sqs:eu-central-1:111122223333:work';
let folder: string;
let sqs: SqsStandIn;
let client: SQSClient;
let lambda: LambdaStandIn;
let mapping: RunningMapping | undefined;
const lines: string[] = [];
const urls: Record<string, string> = {};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mapping-'));
  lines.length = 0;
  sqs = await startSqs();
  client = new SQSClient({
    endpoint: sqs.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  lambda = await startLambda({
    region: 'eu-central-1',
    folder,
    machineVariables: () => ({}),
    onLine: ({ line, stream }) => stream === 'stdout' && lines.push(line),
  });
  await client.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await client.send(
    new CreateQueueCommand({
      QueueName: 'work',
      Attributes: {
        VisibilityTimeout: '1',
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:111122223333:dead',
          maxReceiveCount: 2,
        }),
      },
    }),
  );
  for (const name of ['work', 'dead']) urls[name] = `${sqs.endpoint}/111122223333/${name}`;
});
afterEach(async () => {
  await Promise.all([mapping?.close(), lambda.close()]);
  await sqs.close();
  client.destroy();
  rmSync(folder, { recursive: true });
});

function map(
  source: string,
  more: { batchSize?: number; concurrencyMax?: number; report?: boolean; window?: number } = {},
) {
  lambda.deploy(functionOf(bundleOf(folder, 'worker', source), { name: 'worker' }));
  mapping = runEventSourceMapping(
    {
      queueUrl: urls.work ?? '',
      queueArn: QUEUE_ARN,
      roleArn: 'arn:aws:iam::111122223333:role/consumer',
      functionName: 'worker',
      batchSize: more.batchSize ?? 10,
      batchingWindowSeconds: more.window ?? 0,
      reportBatchItemFailures: more.report ?? true,
      concurrencyMax: more.concurrencyMax ?? 5,
    },
    client,
    lambda,
    (problem) => lines.push(problem),
  );
}
const send = async (...bodies: string[]) => {
  for (const MessageBody of bodies)
    await client.send(
      new SendMessageCommand({
        QueueUrl: urls.work,
        MessageBody,
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'bill' } },
      }),
    );
};
const left = async (name: string) => {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: urls[name], AttributeNames: ['All'] }),
  );
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
};

describe('an event-source mapping', () => {
  test('hands messages over in AWS’s record shape and deletes them afterwards', async () => {
    map('export const handler = async (event) => console.log(JSON.stringify(event));');
    await send('{"shard":1}');
    await expect.poll(() => lines.length).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          receiptHandle: expect.any(String),
          body: '{"shard":1}',
          attributes: expect.objectContaining({
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
          }),
          messageAttributes: {
            kind: { stringValue: 'bill', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: createHash('md5').update('{"shard":1}').digest('hex'),
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: QUEUE_ARN,
          awsRegion: 'eu-central-1',
        },
      ],
    });
    await expect.poll(() => left('work')).toBe(0);
  });

  test('of a batch, only the messages reported as failed come back, and after their last receive they are dead letters', async () => {
    // Long enough that a good message is deleted before it shows again, also on a busy machine.
    await client.send(new SetQueueAttributesCommand({ QueueUrl: urls.work, Attributes: { VisibilityTimeout: '3' } }));
    await send('good', 'bad', 'good');
    map(
      'export const handler = async ({ Records }) => { console.log(Records.map((r) => r.body + r.attributes.ApproximateReceiveCount).join()); return { batchItemFailures: Records.filter((r) => r.body === "bad").map((r) => ({ itemIdentifier: r.messageId })) }; };',
    );
    await expect.poll(() => left('dead'), { timeout: 60_000 }).toBe(1);
    expect(await left('work')).toBe(0);
    expect(lines.join().split(',').sort()).toEqual(['bad1', 'bad2', 'good1', 'good1']);
  });

  test('an error fails the whole batch', async () => {
    await send('a', 'b');
    map('export const handler = async () => { throw new Error("no"); };');
    await expect.poll(() => left('dead'), { timeout: 60_000 }).toBe(2);
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: urls.dead, MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body }) => Body).sort()).toEqual(['a', 'b']);
  });

  test('without ReportBatchItemFailures an answer is never read', async () => {
    await send('a');
    map(
      'export const handler = async ({ Records }) => ({ batchItemFailures: [{ itemIdentifier: Records[0].messageId }] });',
      { report: false },
    );
    await expect.poll(() => left('work')).toBe(0);
    expect(await left('dead')).toBe(0);
  });

  test('never runs more at once than its maximum concurrency, and as many as that', async () => {
    await send('1', '2', '3', '4', '5', '6');
    map(
      'export const handler = async () => { console.log("start"); await new Promise((r) => setTimeout(r, 300)); console.log("end"); };',
      { batchSize: 1, concurrencyMax: 2 },
    );
    await expect.poll(() => lines.filter((line) => line === 'end').length, { timeout: 60_000 }).toBe(6);
    let running = 0;
    const peak = Math.max(...lines.map((line) => (running += line === 'start' ? 1 : -1)));
    expect(peak).toBe(2);
  });

  test('gathers a batch within its window', async () => {
    // As in AWS, a message must stay invisible for longer than the window.
    await client.send(new SetQueueAttributesCommand({ QueueUrl: urls.work, Attributes: { VisibilityTimeout: '10' } }));
    map('export const handler = async ({ Records }) => console.log(Records.length);', { window: 1 });
    await send('a', 'b', 'c');
    await expect.poll(() => lines.length, { timeout: 5000 }).toBe(1);
    expect(lines).toEqual(['3']);
  });

  test('closes at once while it polls', async () => {
    map('export const handler = async () => {};');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await mapping?.close();
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('a partial batch response', () => {
  test.each([
    ['null', 'null', []],
    ['an empty object', '{}', []],
    ['an empty list', '{"batchItemFailures":[]}', []],
    ['a null list', '{"batchItemFailures":null}', []],
    ['one of the batch', '{"batchItemFailures":[{"itemIdentifier":"a"}]}', ['a']],
    ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', ['a', 'b']],
    ['an identifier that is not in the batch', '{"batchItemFailures":[{"itemIdentifier":"c"}]}', ['a', 'b']],
    ['a wrong key', '{"batchItemFailures":[{"id":"a"}]}', ['a', 'b']],
    ['text', '"done"', ['a', 'b']],
  ])('%s', (_, payload, expected) => {
    expect([...failedItems(payload, ['a', 'b'])]).toEqual(expected);
  });
});
