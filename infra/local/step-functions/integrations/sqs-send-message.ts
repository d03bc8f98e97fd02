import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from '@aws-sdk/client-sqs';
import { apiCall } from './api-call.ts';
import type { Integration } from './integration.ts';

/**
 * `arn:aws:states:::sqs:sendMessage`, plain and `.waitForTaskToken`. A MessageBody that is no string is sent as its JSON.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
 */
export const sqsSendMessage = (client: SQSClient): Integration =>
  apiCall<Omit<SendMessageCommandInput, 'MessageBody'> & { readonly MessageBody?: unknown }>(
    'SQS',
    ({ MessageBody: body, ...request }, options) => {
      const MessageBody = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
      return client.send(new SendMessageCommand({ ...request, MessageBody }), options);
    },
  );
