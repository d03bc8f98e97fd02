import type { IncomingHttpHeaders } from 'node:http';
import { S3Problem } from './s3-problem.ts';
import { ChecksumAlgorithm } from './stored-version.ts';

/** What a request says about its own body, to be held against the bytes that come. */
export interface BodyClaims {
  /** The body is in the `aws-chunked` coding. */
  readonly chunked: boolean;
  /** Of the decoded body. */
  readonly sizeBytes?: number;
  /** Base64. */
  readonly contentMd5?: string;
  /** Hexadecimal, when the signature covers the body. */
  readonly sha256?: string;
  /** `value` is base64; without it the value follows the body in the trailer of this name. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly header: string; readonly value?: string };
}

const CHECKSUM_HEADER = /^x-amz-checksum-(?!type$|mode$|algorithm$)(\w+)$/;

function checksumAlgorithm(suffix: string): ChecksumAlgorithm {
  const parsed = ChecksumAlgorithm.safeParse(suffix.toUpperCase());
  if (!parsed.success) throw new S3Problem('NotImplemented', `No checksum of the kind ${suffix} here`);
  return parsed.data;
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (x-amz-checksum-*, Content-MD5)
 *
 * @throws S3Problem NotImplemented for an algorithm the stand-in does not compute.
 */
export function bodyClaimsOf(headers: IncomingHttpHeaders): BodyClaims {
  const one = (name: string): string | undefined => headers[name]?.toString();
  const sha256 = one('x-amz-content-sha256');
  const decodedLength = one('x-amz-decoded-content-length');
  const contentMd5 = one('content-md5');
  const inHeader = Object.keys(headers).find((name) => CHECKSUM_HEADER.test(name));
  const name = inHeader ?? one('x-amz-trailer')?.toLowerCase();
  const suffix = name === undefined ? undefined : CHECKSUM_HEADER.exec(name)?.[1];
  const value = inHeader === undefined ? undefined : one(inHeader);
  return {
    chunked: sha256?.startsWith('STREAMING-') === true,
    ...(decodedLength === undefined ? {} : { sizeBytes: Number(decodedLength) }),
    ...(contentMd5 === undefined ? {} : { contentMd5 }),
    ...(sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : {}),
    ...(name === undefined || suffix === undefined
      ? {}
      : {
          checksum: { algorithm: checksumAlgorithm(suffix), header: name, ...(value === undefined ? {} : { value }) },
        }),
  };
}
