import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { OWNER_CREDENTIALS } from '../../infra/local/machine/sdk-environment.ts';
import type { Machine } from '../../infra/local/machine.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { until } from './deliver-anyhow.ts';
import { allow, type EditedTemplate, editDefinition, idOf } from './edited-template.ts';

/** A run that stands still between two states, and what the first of them handed on. */
export interface HeldRun {
  readonly runId: string;
  readonly handedOn: unknown;
  /** Lets it go on; the second state gets `handedOn`. */
  goOn(handedOn: unknown): Promise<void>;
}

const Held = z.object({ token: z.string(), runId: z.string(), handedOn: z.unknown() });

/** Puts a state of our own behind `after` in SplitBill, which waits for a word: a place where a test can do mischief. */
export function holdAfter(template: EditedTemplate, after: string): void {
  const queue = { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'PipelineUndelivered'), 'Arn'] };
  allow(template, 'PipelineSplitSplitBillRoleDefaultPolicy', { Action: 'sqs:SendMessage', Resource: queue });
  editDefinition(template, 'PipelineSplitSplitBill', ({ state, states, refer }) => {
    const before = state(after);
    states.Hold = {
      Type: 'Task',
      Resource: `arn:${refer({ Ref: 'AWS::Partition' })}:states:::sqs:sendMessage.waitForTaskToken`,
      Arguments: {
        QueueUrl: refer({ Ref: idOf(template, 'AWS::SQS::Queue', 'PipelineUndelivered') }),
        MessageBody: {
          token: '{% $states.context.Task.Token %}',
          runId: '{% $states.context.Execution.Input.runId %}',
          handedOn: '{% $states.input %}',
        },
      },
      Next: before.Next,
    };
    before.Next = 'Hold';
  });
}

/** Waits for the next run that comes to the place of `holdAfter`. */
export async function heldRun({ endpoints, region, outputs }: Machine): Promise<HeldRun> {
  const credentials = OWNER_CREDENTIALS;
  const sqs = new SQSClient({ endpoint: endpoints.SQS, region, credentials });
  const sfn = new SFNClient({ endpoint: endpoints.SFN, region, credentials });
  const QueueUrl = String(outputs[OUTPUTS.undeliveredQueueUrl]);
  const message = await until('a run is held', async () => {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    return Messages?.[0];
  });
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  const { token, runId, handedOn } = Held.parse(JSON.parse(message.Body ?? ''));
  return {
    runId,
    handedOn,
    goOn: async (given) => {
      await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(given) }));
    },
  };
}
