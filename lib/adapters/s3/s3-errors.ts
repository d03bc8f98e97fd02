import { S3ServiceException } from '@aws-sdk/client-s3';

/** Whether S3 said that there is no such object: a HEAD says `NotFound`, a GET `NoSuchKey` or `NoSuchVersion`. */
export function isAbsent(error: unknown): boolean {
  return error instanceof S3ServiceException && ['NotFound', 'NoSuchKey', 'NoSuchVersion'].includes(error.name);
}

/**
 * Whether a conditional write failed on its condition: 412, 409 when two writes of one key meet (AWS: "Conditional
 * requests", S3 User Guide), or 404 when If-Match names an object that is gone.
 */
export function isFailedCondition(error: unknown): boolean {
  return error instanceof S3ServiceException && [404, 409, 412].includes(error.$metadata.httpStatusCode ?? 0);
}
