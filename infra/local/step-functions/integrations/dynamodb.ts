import {
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { apiCall } from './api-call.ts';
import type { Integrations } from './integration.ts';

/**
 * `arn:aws:states:::dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`. A failed condition is
 * `DynamoDB.ConditionalCheckFailedException`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html
 */
export const dynamodbItems = (client: DynamoDBClient): Integrations => ({
  'arn:aws:states:::dynamodb:getItem': apiCall<GetItemCommandInput>('DynamoDB', (request, options) =>
    client.send(new GetItemCommand(request), options),
  ),
  'arn:aws:states:::dynamodb:putItem': apiCall<PutItemCommandInput>('DynamoDB', (request, options) =>
    client.send(new PutItemCommand(request), options),
  ),
  'arn:aws:states:::dynamodb:updateItem': apiCall<UpdateItemCommandInput>('DynamoDB', (request, options) =>
    client.send(new UpdateItemCommand(request), options),
  ),
  'arn:aws:states:::dynamodb:deleteItem': apiCall<DeleteItemCommandInput>('DynamoDB', (request, options) =>
    client.send(new DeleteItemCommand(request), options),
  ),
});
