import type { IncomingHttpHeaders } from 'node:http';

/** The keys a call was signed with. The signature itself is not computed again. */
export interface Signature {
  readonly accessKeyId: string;
  /** Temporary keys come with one. */
  readonly sessionToken?: string | undefined;
}

/**
 * Who signed a request, by its Signature Version 4 header; undefined for an anonymous one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function signedBy({ authorization, ...headers }: IncomingHttpHeaders): Signature | undefined {
  const accessKeyId = /Credential=([^/,\s]+)/.exec(authorization ?? '')?.[1];
  if (accessKeyId === undefined) return undefined;
  return { accessKeyId, sessionToken: headers['x-amz-security-token']?.toString() };
}
