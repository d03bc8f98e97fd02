import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SqsStandIn, startSqs } from '../../../../infra/local/sqs/sqs.ts';
import { CLIENT, endpointElsewhere, INSIDE_ONLY, isLeftOut } from './suite-target.ts';

const ARN = 'arn:aws:sqs:eu-central-1:111122223333:';

// Skipped elsewhere, because it looks inside our own process.
describe.skipIf(isLeftOut('sqs') || endpointElsewhere('sqs') !== undefined)(`SQS stand-in (${INSIDE_ONLY})`, () => {
  let standIn: SqsStandIn;
  let client: SQSClient;

  beforeEach(async () => {
    standIn = await startSqs();
    client = new SQSClient({ ...CLIENT, endpoint: standIn.endpoint });
  });
  afterEach(async () => {
    client.destroy();
    await standIn.close().catch(() => {});
  });

  const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
  const send = (QueueUrl: string | undefined, MessageBody: string, DelaySeconds = 0) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
  const receive = async (QueueUrl: string | undefined, WaitTimeSeconds = 0) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds }))).Messages ?? [];

  test('ARNs and URLs carry the region and account it was started with', async () => {
    await create('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 3 });
    const QueueUrl = await create('work', { RedrivePolicy });
    expect(QueueUrl).toBe(`${standIn.endpoint}/111122223333/work`);
    const all = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    expect((await client.send(all)).Attributes).toMatchObject({ QueueArn: `${ARN}work`, RedrivePolicy });
  });

  test('what looks like an ARN or URL inside a message is left alone', async () => {
    const QueueUrl = await create('work');
    const body =
      'arn:aws:sqs:eu-central-1:000000000000:x http://127.0.0.1/000000000000/x http://127.0.0.1/111122223333/x';
    await send(QueueUrl, body);
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual([body]);
  });

  test('whoever closes it can say how many messages are lost', async () => {
    const QueueUrl = await create('work');
    await create('empty');
    await send(QueueUrl, 'taken');
    await send(QueueUrl, 'delayed', 900);
    await receive(QueueUrl);
    expect([...(await standIn.messagesHeld())]).toEqual([['work', 2]]);
  });

  test('closing does not wait for a long poll', async () => {
    const cut = expect(receive(await create('work'), 20)).rejects.toThrow();
    await wait(100);
    const begun = performance.now();
    await standIn.close();
    await cut;
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test('other services’ operations, which the package would answer, are refused', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    const answer = await fetch(standIn.endpoint, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(400);
    expect((await fetch(`${standIn.endpoint}/some-bucket`, { method: 'PUT' })).status).toBe(400);
  });
});
