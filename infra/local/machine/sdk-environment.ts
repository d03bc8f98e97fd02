/** Endpoints of a machine's services, by the name that `AWS_ENDPOINT_URL_<NAME>` has for each. */
export type Endpoints = Readonly<
  Record<'ATHENA' | 'CLOUDWATCH' | 'DYNAMODB' | 'EVENTBRIDGE' | 'LAMBDA' | 'S3' | 'SFN' | 'SQS' | 'STS', string>
>;

/** `AWS_ENDPOINT_URL_<SERVICE>` for each service: all that the unmodified SDK needs to find the stand-ins. */
export function endpointVariables(endpoints: Partial<Endpoints>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(endpoints).map(([service, endpoint]) => [`AWS_ENDPOINT_URL_${service}`, endpoint]),
  );
}

/** Keys of the machine's owner, its administrator: local only, and given to nothing that the template states. */
export const OWNER_CREDENTIALS = { accessKeyId: 'AKIALOCALOWNER', secretAccessKey: 'local' } as const;

/** The variables with which an SDK client outside any function reaches the machine as its owner. */
export function ownerEnvironment(endpoints: Endpoints, region: string): Record<string, string> {
  return {
    ...endpointVariables(endpoints),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: OWNER_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: OWNER_CREDENTIALS.secretAccessKey,
  };
}
