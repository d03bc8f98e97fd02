import { z } from 'zod';
import type { AccessesOf } from '../authorize-call.ts';
import type { Access } from '../request-context.ts';
import { type AccessTable, accessesBy, type Home } from './access-table.ts';

const ByUrl = z.object({ QueueUrl: z.string() });
const ByName = z.object({ QueueName: z.string() });
const Move = z.object({ SourceArn: z.string(), DestinationArn: z.string().optional() });

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export function sqsAccesses({ region, accountId }: Home): AccessesOf {
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
  const onQueue =
    (action: string) =>
    (body: unknown): readonly Access[] => {
      const url = ByUrl.parse(body).QueueUrl;
      return [{ action, resource: arnOf(url.slice(url.lastIndexOf('/') + 1)) }];
    };
  const byName = (action: string) => (body: unknown) => [{ action, resource: arnOf(ByName.parse(body).QueueName) }];
  const table: AccessTable = {
    ChangeMessageVisibility: onQueue('sqs:ChangeMessageVisibility'),
    ChangeMessageVisibilityBatch: onQueue('sqs:ChangeMessageVisibility'),
    CreateQueue: byName('sqs:CreateQueue'),
    DeleteMessage: onQueue('sqs:DeleteMessage'),
    DeleteMessageBatch: onQueue('sqs:DeleteMessage'),
    DeleteQueue: onQueue('sqs:DeleteQueue'),
    GetQueueAttributes: onQueue('sqs:GetQueueAttributes'),
    GetQueueUrl: byName('sqs:GetQueueUrl'),
    ListQueues: () => [{ action: 'sqs:ListQueues', resource: '*' }],
    PurgeQueue: onQueue('sqs:PurgeQueue'),
    ReceiveMessage: onQueue('sqs:ReceiveMessage'),
    SendMessage: onQueue('sqs:SendMessage'),
    SendMessageBatch: onQueue('sqs:SendMessage'),
    SetQueueAttributes: onQueue('sqs:SetQueueAttributes'),
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    StartMessageMoveTask: (body) => {
      const { SourceArn, DestinationArn } = Move.parse(body);
      const source = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
      return [
        ...source.map((name) => ({ action: `sqs:${name}`, resource: SourceArn })),
        ...(DestinationArn === undefined ? [] : [{ action: 'sqs:SendMessage', resource: DestinationArn }]),
      ];
    },
    ListMessageMoveTasks: (body) => [{ action: 'sqs:ListMessageMoveTasks', resource: Move.parse(body).SourceArn }],
  };
  return accessesBy('SQS', table);
}
