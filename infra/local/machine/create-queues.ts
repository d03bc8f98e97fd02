import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { Flag, Numeric, readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

const QueueProperties = z.object({
  ContentBasedDeduplication: Flag.optional(),
  DelaySeconds: Numeric.optional(),
  FifoQueue: Flag.optional(),
  MaximumMessageSize: Numeric.optional(),
  MessageRetentionPeriod: Numeric.optional(),
  ReceiveMessageWaitTimeSeconds: Numeric.optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: Numeric }).optional(),
  VisibilityTimeout: Numeric.optional(),
});

/** Makes every AWS::SQS::Queue, dead-letter queues first: SQS refuses a redrive policy to a queue that is not there. */
export async function createQueues(stack: Stack, sqs: SQSClient): Promise<void> {
  const queues = resourcesOfType(stack, 'AWS::SQS::Queue').map((resource) => ({
    resource,
    properties: readProperties(QueueProperties, resource),
  }));
  for (const redriven of [false, true])
    await Promise.all(
      queues
        .filter(({ properties }) => (properties.RedrivePolicy !== undefined) === redriven)
        .map(({ resource, properties }) => create(resource, properties, sqs)),
    );
}

async function create(
  { name }: StackResource,
  properties: z.infer<typeof QueueProperties>,
  sqs: SQSClient,
): Promise<void> {
  const Attributes = Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [[key, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
}
