import { type AttributeValue, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { OWNER_CREDENTIALS } from '../../../infra/local/machine/sdk-environment.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import type { Product } from '../../journeys/open-product.ts';

/** The administrator's clients of a machine. */
export function clientsOf({ machine }: Product) {
  const at = (endpoint: string) => ({ endpoint, region: machine.region, credentials: OWNER_CREDENTIALS });
  const { DYNAMODB, S3, SFN, SQS } = machine.endpoints;
  return {
    dynamoDb: new DynamoDBClient(at(DYNAMODB)),
    s3: new S3Client({ ...at(S3), forcePathStyle: true }),
    sfn: new SFNClient(at(SFN)),
    sqs: new SQSClient(at(SQS)),
  };
}

/** What the template says of one of its outputs. */
export const outputOf = ({ machine }: Product, name: (typeof OUTPUTS)[keyof typeof OUTPUTS]) =>
  String(machine.outputs[name]);

/** How a record changes: an update expression of DynamoDB with its names and values. */
export interface RecordChange {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/** Changes a record of the runs table, as nobody but an administrator can. */
export async function changeRecord(product: Product, pk: string, change: RecordChange): Promise<void> {
  await clientsOf(product).dynamoDb.send(
    new UpdateItemCommand({
      TableName: outputOf(product, OUTPUTS.runsTableName),
      Key: { pk: { S: pk }, sk: { S: 'STATE' } },
      UpdateExpression: change.expression,
      ExpressionAttributeNames: change.names,
      ExpressionAttributeValues: change.values,
    }),
  );
}

/** Gives a delivery or a run another status. */
export function setStatus(product: Product, pk: string, status: string): Promise<void> {
  return changeRecord(product, pk, {
    expression: 'SET #status = :status',
    names: { '#status': 'status' },
    values: { ':status': { S: status } },
  });
}
