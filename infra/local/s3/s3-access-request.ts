import type { S3Action } from './s3-call.ts';

/** What a caller wants to do; who it is can be told by the access key, as `sessionOf` of the STS stand-in does. */
export interface S3AccessRequest {
  readonly accessKeyId: string;
  readonly action: S3Action;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  /** The prefix of a listing: IAM's `s3:prefix`. */
  readonly prefix?: string;
}
