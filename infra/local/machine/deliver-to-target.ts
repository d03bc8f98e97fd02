import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { RuleTarget } from '../event-bridge/rule.ts';
import type { Principal } from '../iam/principal.ts';
import type { Home } from '../iam/services/access-table.ts';
import { invokeAccess } from '../iam/services/lambda-accesses.ts';
import type { LambdaStandIn } from '../lambda/lambda.ts';
import type { Stack } from '../template/resolve-stack.ts';
import type { MachineRights } from './machine-rights.ts';
import { resourcesOfType } from './resources-of-type.ts';
import type { ClientsOfRole } from './role-clients.ts';

/** What a message or call of the machine's own goes through. */
export interface DeliveryWorld {
  readonly stack: Stack;
  readonly home: Home;
  readonly rights: MachineRights;
  readonly sqs: SQSClient;
  readonly lambda: LambdaStandIn;
  readonly clientsOf: ClientsOfRole;
}

/** Hands an input to what a target's ARN names, if the one who sends it may. @throws AccessDenied and the target's own */
export type DeliverAs = (sender: Principal, target: RuleTarget, input: string) => Promise<void>;

/** Hands an input to a queue, a function or a state machine of the stack, and to nothing else. */
export function deliverToTarget({ stack, home, rights, sqs, lambda, clientsOf }: DeliveryWorld): DeliverAs {
  const queueUrls = new Map(resourcesOfType(stack, 'AWS::SQS::Queue').map(({ arn, ref }) => [arn, ref]));
  return async (sender, { arn, messageGroupId, roleArn }, input) => {
    const QueueUrl = queueUrls.get(arn);
    if (QueueUrl !== undefined) {
      rights.gate.require(sender, [{ action: 'sqs:SendMessage', resource: arn }]);
      const group = messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: input, ...group }));
    } else if (arn.includes(':lambda:')) {
      rights.gate.require(sender, [invokeAccess(home, arn)]);
      lambda.invokeEvent(arn, input);
    } else if (arn.includes(':stateMachine:') && roleArn !== undefined) {
      const { stepFunctions } = clientsOf('events.amazonaws.com', roleArn);
      await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: arn, input }));
    } else throw new Error('there is no such target on this machine, or it has no role');
  };
}
