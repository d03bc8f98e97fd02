import type { S3Wish } from '../iam/services/s3-accesses.ts';
import type { Signature } from '../iam/signed-by.ts';
import type { S3Action } from './s3-call.ts';

/** What a caller wants to do, and the keys it signed with. */
export interface S3AccessRequest extends S3Wish {
  readonly signature: Signature;
  readonly action: S3Action;
}

/**
 * Lets a caller do what it wants, or says no.
 *
 * @throws AccessDenied, UnknownCaller
 */
export type AuthorizeS3 = (request: S3AccessRequest) => void;
