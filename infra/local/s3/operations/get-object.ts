import { createReadStream, openSync } from 'node:fs';
import { byteRangeOf } from '../byte-range.ts';
import { requireReadable } from '../conditions.ts';
import { requireVersion } from '../find-version.ts';
import type { Operation, S3Answer, S3Call, S3World } from '../s3-call.ts';
import { S3Problem } from '../s3-problem.ts';
import { checksumHeaders, versionHeaders } from '../version-headers.ts';

/** `response-content-disposition` and the like, which a presigned link carries. */
function overriddenHeaders(query: URLSearchParams): Record<string, string> {
  const overrides = [...query].filter(([name]) => name.startsWith('response-'));
  return Object.fromEntries(overrides.map(([name, value]) => [name.slice('response-'.length), value]));
}

/** Status and headers of both GET and HEAD, and which bytes are meant. */
function describe(call: S3Call, world: S3World) {
  const bucket = world.buckets.require(call.bucket);
  if (call.query.has('partNumber')) throw new S3Problem('NotImplemented');
  const version = requireVersion(bucket, call.key, call.query.get('versionId'));
  requireReadable(call.headers, version);
  const { description, etag, sizeBytes, checksum } = version.content;
  const range = byteRangeOf(call.headers.range, sizeBytes);
  const metadata = Object.entries(description.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const tags = Object.keys(description.tags).length;
  const headers = {
    'accept-ranges': 'bytes',
    'content-length': range ? range.last - range.first + 1 : sizeBytes,
    'content-range': range && `bytes ${range.first}-${range.last}/${sizeBytes}`,
    'content-type': description.contentType,
    etag: `"${etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    'x-amz-tagging-count': tags === 0 ? undefined : tags,
    ...description.headers,
    ...Object.fromEntries(metadata),
    ...versionHeaders(bucket.settings, version),
    ...(call.headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined ? checksumHeaders(checksum) : {}),
    ...overriddenHeaders(call.query),
  };
  return { answer: { status: range ? 206 : 200, headers } satisfies S3Answer, range, path: bucket.pathOf(version) };
}

/**
 * The file is opened in the same step in which its version is found, so that a reader goes on reading what it began
 * with when the object is replaced meanwhile.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export const getObject: Operation = (call, world) => {
  const { answer, range, path } = describe(call, world);
  const fd = openSync(path, 'r');
  return { ...answer, body: createReadStream(path, { fd, ...(range && { start: range.first, end: range.last }) }) };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject: Operation = (call, world) => describe(call, world).answer;
