import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Endpoints, OWNER_CREDENTIALS } from './sdk-environment.ts';

/** The machine's own clients of its stand-ins: it makes resources and moves messages as its administrator, by the API. */
export function sdkClients(endpoints: Pick<Endpoints, 'DYNAMODB' | 'SQS'>, region: string) {
  const at = (endpoint: string) => ({ endpoint, region, credentials: OWNER_CREDENTIALS });
  const dynamoDb = new DynamoDBClient(at(endpoints.DYNAMODB));
  const sqs = new SQSClient(at(endpoints.SQS));
  const stepFunctions: SFNClient[] = [];
  return {
    dynamoDb,
    sqs,
    /** Step Functions starts after the others, which its tasks call. */
    stepFunctionsAt: (endpoint: string): SFNClient => {
      const client = new SFNClient(at(endpoint));
      stepFunctions.push(client);
      return client;
    },
    close: (): void => {
      for (const client of [dynamoDb, sqs, ...stepFunctions]) client.destroy();
    },
  };
}
