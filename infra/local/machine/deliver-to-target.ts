import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Deliver } from '../event-bridge/event-bridge.ts';
import type { LambdaStandIn } from '../lambda/lambda.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { resourcesOfType } from './resources-of-type.ts';

/** Hands a rule's input to a queue, a function or a state machine of the stack, and to nothing else. */
export function deliverToTarget(
  stack: Stack,
  { sqs, stepFunctions, lambda }: { sqs: SQSClient; stepFunctions: SFNClient; lambda: LambdaStandIn },
): Deliver {
  const queueUrls = new Map(resourcesOfType(stack, 'AWS::SQS::Queue').map(({ arn, ref }) => [arn, ref]));
  return async ({ arn, messageGroupId }, input) => {
    const QueueUrl = queueUrls.get(arn);
    if (QueueUrl !== undefined) {
      const group = messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: input, ...group }));
    } else if (arn.includes(':lambda:')) lambda.invokeEvent(arn, input);
    else if (arn.includes(':stateMachine:'))
      await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: arn, input }));
    else throw new Error('there is no such target on this machine');
  };
}
