import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { count, pipelineHandler, queueHandler } from '../../functions/middleware.ts';
import { Problem } from '../../lib/domain/problem.ts';

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'read-manifest',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:read-manifest',
  memoryLimitInMB: '1024',
  awsRequestId: 'b1946ac9-0000-4000-8000-000000000000',
  logGroupName: 'log',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 1000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  }
});
afterEach(() => vi.restoreAllMocks());

const record = (messageId: string, body: string): SQSRecord => ({
  messageId,
  body,
  receiptHandle: 'r',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '1',
    SenderId: 's',
    ApproximateFirstReceiveTimestamp: '1',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:intake',
  awsRegion: 'eu-central-1',
});

test('a problem leaves a step as an error that the state machine can catch by name', async () => {
  const handler = pipelineHandler('ReadManifest', async () => {
    throw new Problem('manifest_unreadable', { file: 'acme/x-Manifest.json', reason: 'it is not JSON' });
  });
  await expect(handler({}, context)).rejects.toMatchObject({
    name: 'Quarantined',
    message: JSON.stringify({
      code: 'manifest_unreadable',
      details: { file: 'acme/x-Manifest.json', reason: 'it is not JSON' },
    }),
  });
});

test('any other error keeps its name, for the machine’s retries', async () => {
  const later = Object.assign(new Error('later'), { name: 'TryAgain' });
  await expect(pipelineHandler('Publish', () => Promise.reject(later))({}, context)).rejects.toBe(later);
});

test('a log holds ids and counts, and nothing else of what comes in and goes out', async () => {
  const handler = pipelineHandler('ReadManifest', async () => ({
    outcome: 'ready',
    batchCount: 2,
    secret: 'answered',
  }));
  await handler(
    { deliveryId: 'dlv_1', key: 'acme/secret.csv', token: 'AAAA-token', nested: { value: 'hidden' } },
    context,
  );
  const log = lines.join('\n');
  expect(log).toContain('dlv_1');
  expect(log).toContain('"batchCount":2');
  expect(log).toContain('"step":"ReadManifest"');
  for (const kept of ['acme/secret.csv', 'AAAA-token', 'hidden', 'answered']) expect(log).not.toContain(kept);
});

test('of several messages only the failed ones go back to the queue, to come again soon', async () => {
  const returned: string[] = [];
  const handler = queueHandler(
    'StartRun',
    async (message) => {
      if (Object(message).ask === 'bad') throw new Error('no such ask');
    },
    async ({ receiptHandle }, afterSeconds) => {
      returned.push(`${receiptHandle} after ${afterSeconds} s`);
      throw new Error('the queue does not take it');
    },
  );
  const event: SQSEvent = {
    Records: [record('1', '{"ask":"good"}'), record('2', '{"ask":"bad"}'), record('3', 'no json'), record('4', '{}')],
  };
  expect(await handler(event, context)).toEqual({
    batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }],
  });
  expect(returned).toHaveLength(2);
});

test('a metric leaves with the invocation that counted it', async () => {
  await pipelineHandler('RegisterDelivery', async () => count('DeliveriesRegistered'))({}, context);
  const metric = lines.find((line) => line.includes('CloudWatchMetrics'));
  expect(JSON.parse(metric ?? '{}')).toMatchObject({ DeliveriesRegistered: 1 });
});
