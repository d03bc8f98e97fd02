import type { IncomingHttpHeaders } from 'node:http';
import { S3Problem } from './s3-problem.ts';
import type { ObjectDescription } from './stored-version.ts';

/** Kept with the object and sent back with it. */
const KEPT_HEADERS = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];
const METADATA = 'x-amz-meta-';
const TAGS_MAX = 10;

/** `a=1&b=2`, URL-encoded: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (x-amz-tagging) */
function tagsOf(header: string | undefined): Record<string, string> {
  const tags = Object.fromEntries(new URLSearchParams(header ?? ''));
  requireTags(Object.keys(tags));
  return tags;
}

/** @throws S3Problem InvalidArgument beyond ten tags, or when a key is there twice. */
export function requireTags(keys: readonly string[]): void {
  if (keys.length > TAGS_MAX) throw new S3Problem('InvalidArgument', 'Object tags cannot be greater than 10');
  if (new Set(keys).size < keys.length)
    throw new S3Problem('InvalidArgument', 'Cannot provide multiple Tags with one key');
}

/** What an upload's headers say about the object. `aws-chunked` is how it travelled, not what it is. */
export function objectDescriptionOf(headers: IncomingHttpHeaders): ObjectDescription {
  const kept = KEPT_HEADERS.map((name): [string, string] => [name, headers[name]?.toString() ?? '']).map(
    ([name, value]): [string, string] => [
      name,
      name === 'content-encoding' ? value.replace(/(^|,\s*)aws-chunked\s*(,|$)/, '') : value,
    ],
  );
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith(METADATA))
    .map(([name, value]) => [name.slice(METADATA.length), value?.toString() ?? '']);
  return {
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    headers: Object.fromEntries(kept.filter(([, value]) => value !== '')),
    metadata: Object.fromEntries(metadata),
    tags: tagsOf(headers['x-amz-tagging']?.toString()),
  };
}
