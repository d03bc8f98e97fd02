import { StateError } from '../state-error.ts';

/**
 * A failed SDK call as Step Functions reports it: the service's prefix and the exception's name, always ending in
 * `Exception` as in the SDK for Java that Step Functions uses. What never reached the service is its `SdkClientException`.
 *
 * @param service the prefix: `SQS`, `DynamoDB`, `Athena`; with AWS SDK integrations `DynamoDb`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function sdkFailure(service: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof StateError) return thrown;
  const { $metadata } = thrown as {
    readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  };
  if ($metadata?.httpStatusCode === undefined) return new StateError(`${service}.SdkClientException`, thrown.message);
  const name = thrown.name.endsWith('Exception') ? thrown.name : `${thrown.name}Exception`;
  const { httpStatusCode, requestId = '' } = $metadata;
  return new StateError(
    `${service}.${name}`,
    `${thrown.message} (Service: ${service}, Status Code: ${httpStatusCode}, Request ID: ${requestId})`,
  );
}
