import type { IncomingHttpHeaders } from 'node:http';
import type { Signature } from '../iam/signed-by.ts';
import { S3Problem } from './s3-problem.ts';

/** `20260131T235959Z` as a date. */
function amzDate(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/**
 * Who signed the request: the keys of Signature Version 4, from the header or from a presigned link. The
 * signature itself is not computed again.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 *
 * @throws S3Problem AccessDenied for an anonymous request and for a link past its time.
 */
export function signatureOf(headers: IncomingHttpHeaders, query: URLSearchParams, now: Date): Signature {
  const credential = query.get('X-Amz-Credential') ?? /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1];
  const accessKeyId = credential?.split('/')[0];
  if (accessKeyId === undefined || accessKeyId === '') throw new S3Problem('AccessDenied');
  const signedAt = query.get('X-Amz-Date');
  const expiresSeconds = Number(query.get('X-Amz-Expires') ?? 0);
  if (signedAt !== null && amzDate(signedAt).getTime() + expiresSeconds * 1000 < now.getTime())
    throw new S3Problem('AccessDenied', 'Request has expired');
  const sessionToken = query.get('X-Amz-Security-Token') ?? headers['x-amz-security-token']?.toString();
  return { accessKeyId, sessionToken };
}
