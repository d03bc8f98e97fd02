import type { AthenaClient } from '@aws-sdk/client-athena';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { EventBridgeStandIn } from '../event-bridge/event-bridge.ts';
import type { LambdaStandIn } from '../lambda/lambda.ts';
import { athenaQueries } from '../step-functions/integrations/athena.ts';
import { dynamodbItems } from '../step-functions/integrations/dynamodb.ts';
import { eventsPutEvents } from '../step-functions/integrations/events-put-events.ts';
import type { Integrations } from '../step-functions/integrations/integration.ts';
import { lambdaInvoke } from '../step-functions/integrations/lambda-invoke.ts';
import { sqsSendMessage } from '../step-functions/integrations/sqs-send-message.ts';

/** What Tasks call, each bound to the machine's own stand-in. */
export interface TaskServices {
  readonly lambda: Pick<LambdaStandIn, 'invoke' | 'invokeEvent'>;
  readonly putEvents: EventBridgeStandIn['putEvents'];
  readonly sqs: SQSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly athena: AthenaClient;
}

/** The service integrations that state machines can use on this machine; a definition with another one is refused. */
export function taskIntegrations({ lambda, putEvents, sqs, dynamoDb, athena }: TaskServices): Integrations {
  return {
    'arn:aws:states:::lambda:invoke': lambdaInvoke(async ({ functionName, payload, invocationType }) => {
      if (invocationType === 'RequestResponse') return lambda.invoke(functionName, payload);
      lambda.invokeEvent(functionName, payload);
      return { payload: '' };
    }),
    'arn:aws:states:::sqs:sendMessage': sqsSendMessage(sqs),
    'arn:aws:states:::events:putEvents': eventsPutEvents(async (given) => {
      const Entries = await putEvents(given);
      return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
    }),
    ...dynamodbItems(dynamoDb),
    ...athenaQueries(athena),
  };
}
