import type { IncomingHttpHeaders } from 'node:http';
import type { WriteCondition } from './bucket.ts';
import { S3Problem } from './s3-problem.ts';
import type { ContentVersion } from './stored-version.ts';

/** `*`, `"etag"`, a bare etag, or several of them. */
function names(header: string, etag: string): boolean {
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^"|"$/g, '') === etag);
}

/**
 * What must hold of a key for a write to it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @throws S3Problem NotImplemented when If-None-Match is anything but `*`.
 */
export function writeConditionOf(headers: IncomingHttpHeaders): WriteCondition {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw new S3Problem('NotImplemented');
  return (current) => {
    if (ifNoneMatch !== undefined && current !== undefined) throw new S3Problem('PreconditionFailed');
    if (ifMatch === undefined) return;
    if (current === undefined) throw new S3Problem('NoSuchKey');
    if (!names(ifMatch, current.content.etag)) throw new S3Problem('PreconditionFailed');
  };
}

/** HTTP dates have no milliseconds. */
const wholeSeconds = (date: string): number => Math.floor(Date.parse(date) / 1000);

/**
 * Throws when the reader's conditions do not hold; `prefix` is `x-amz-copy-source-` for the source of a copy.
 * An If-Match that holds outweighs If-Unmodified-Since, and If-None-Match outweighs If-Modified-Since:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 *
 * @throws S3Problem PreconditionFailed, NotModified
 */
export function requireReadable(headers: IncomingHttpHeaders, version: ContentVersion, prefix = ''): void {
  const header = (name: string): string | undefined => headers[`${prefix}${name}`]?.toString();
  const { etag } = version.content;
  const modified = wholeSeconds(version.lastModified);
  const ifMatch = header('if-match');
  const unmodifiedSince = header('if-unmodified-since');
  if (ifMatch !== undefined ? !names(ifMatch, etag) : unmodifiedSince && modified > wholeSeconds(unmodifiedSince))
    throw new S3Problem('PreconditionFailed');
  const ifNoneMatch = header('if-none-match');
  const modifiedSince = header('if-modified-since');
  if (ifNoneMatch !== undefined ? names(ifNoneMatch, etag) : modifiedSince && modified <= wholeSeconds(modifiedSince))
    throw new S3Problem(prefix === '' ? 'NotModified' : 'PreconditionFailed', undefined, { etag: `"${etag}"` });
}
