import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SqsStandIn, startSqs } from '../../../../infra/local/sqs/sqs.ts';
import { sqsAsks } from '../../../../lib/adapters/sqs/sqs-asks.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { IntegrationId } from '../../../../lib/domain/ids.ts';

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

test('an ask goes to its queue in the form that its consumer reads', async () => {
  const queue = async (QueueName: string) => (await client.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
  const [intakeQueueUrl, additionsQueueUrl] = [await queue('intake'), await queue('additions')];
  const asks = sqsAsks(client, { intakeQueueUrl, additionsQueueUrl });
  const period = BillingPeriod.parse('2025-03');
  await asks.splitBill(IntegrationId.parse('acme'), period);
  await asks.priceAdditions(period);
  const bodies = async (QueueUrl: string) => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = '' }) => JSON.parse(Body));
  };
  expect(await bodies(intakeQueueUrl)).toEqual([{ ask: 'split-bill', integrationId: 'acme', period: '2025-03' }]);
  expect(await bodies(additionsQueueUrl)).toEqual([{ ask: 'price-additions', period: '2025-03' }]);
});
