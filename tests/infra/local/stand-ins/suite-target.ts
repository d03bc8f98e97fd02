/**
 * The suites say what AWS does, so they run on any implementation of it: `ENDPOINT=http://… STAND_IN=s3|dynamodb|sqs`
 * points one suite at another server and leaves the others out; without them each starts our stand-in.
 * `S3_KEY` and `S3_SECRET` are for servers that check them.
 */
export type Service = 's3' | 'dynamodb' | 'sqs';

const { ENDPOINT, STAND_IN, S3_KEY = '111122223333', S3_SECRET = 'test', AWS_REGION = 'eu-central-1' } = process.env;

/** The endpoint of another implementation, when this run is about one. */
export const endpointElsewhere = (service: Service): string | undefined =>
  STAND_IN === service || STAND_IN === undefined ? ENDPOINT : undefined;

/** Whether this run is about another service. */
export const isLeftOut = (service: Service): boolean =>
  (ENDPOINT !== undefined || STAND_IN !== undefined) && STAND_IN !== undefined && STAND_IN !== service;

/** Settings of every SDK client here: nothing is tried twice, so that a first failure is seen. */
export const CLIENT = {
  region: AWS_REGION,
  maxAttempts: 1,
  credentials: { accessKeyId: S3_KEY, secretAccessKey: S3_SECRET },
} as const;

/** Why a test of something inside the process is skipped on another implementation. */
export const INSIDE_ONLY = 'looks inside our own process';
