import type { Bucket } from '../bucket.ts';
import { commonPrefixOf, notBelow, pageElements, pageRequestOf, takePage } from '../page.ts';
import type { Operation } from '../s3-call.ts';
import { S3Problem } from '../s3-problem.ts';
import type { ContentVersion } from '../stored-version.ts';

/** Where the next page begins: behind a key, or behind all keys below a common prefix. */
const tokenOf = (after: string): string => Buffer.from(after).toString('base64url');
const afterOf = (token: string | null): string => (token === null ? '' : Buffer.from(token, 'base64url').toString());

function* currentVersions(bucket: Bucket, prefix: string, after: string): Generator<ContentVersion> {
  for (const key of bucket.keysStartingWith(prefix, after)) {
    const version = key === after ? undefined : bucket.current(key);
    if (version !== undefined) yield version;
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: Operation = ({ bucket: name, query }, { buckets, accountId }) => {
  const bucket = buckets.require(name);
  const request = pageRequestOf(query);
  const token = query.get('continuation-token');
  if (token === '') throw new S3Problem('InvalidArgument', 'The continuation token provided is incorrect');
  const startAfter = query.get('start-after');
  const after = token === null ? (startAfter ?? '') : afterOf(token);
  const below = token !== null && commonPrefixOf(after, request) === after ? after : undefined;
  const versions = currentVersions(bucket, request.prefix, after);
  const page = takePage(notBelow(below, versions), request);
  const last = page.entries.at(-1);
  const nextAfter = last && ('item' in last ? last.item.key : last.commonPrefix);
  const owner = query.get('fetch-owner') === 'true' ? { Owner: { ID: accountId } } : {};
  return {
    xml: {
      root: 'ListBucketResult',
      content: {
        Name: name,
        ...pageElements(request, page),
        KeyCount: page.entries.length,
        ContinuationToken: token ?? undefined,
        NextContinuationToken: page.isTruncated && nextAfter !== undefined ? tokenOf(nextAfter) : undefined,
        StartAfter: startAfter === null ? undefined : request.encode(startAfter),
        Contents: page.entries.flatMap((entry) =>
          'item' in entry ? [{ ...element(entry.item), Key: request.encode(entry.item.key), ...owner }] : [],
        ),
      },
    },
  };
};

const element = ({ key, lastModified, content }: ContentVersion) => ({
  Key: key,
  LastModified: lastModified,
  ETag: `"${content.etag}"`,
  Size: content.sizeBytes,
  StorageClass: 'STANDARD',
  ChecksumAlgorithm: content.checksum?.algorithm,
  ChecksumType: content.checksum?.type,
});
