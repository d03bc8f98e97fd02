import type { Bucket } from '../bucket.ts';
import { notBelow, type Page, pageElements, pageRequestOf, takePage } from '../page.ts';
import type { Operation } from '../s3-call.ts';
import { isContent, type StoredVersion } from '../stored-version.ts';

/** A version with the word on whether it is its key's newest. */
interface Listed {
  readonly key: string;
  readonly version: StoredVersion;
  readonly isLatest: boolean;
}

/** Keys in listing order, within a key the newest version first. */
function* allVersions(bucket: Bucket, prefix: string, keyMarker: string, versionMarker: string): Generator<Listed> {
  for (const key of bucket.keysStartingWith(prefix, keyMarker)) {
    const versions = bucket.versionsOf(key);
    const resumed = versions.findIndex(({ versionId }) => versionId === versionMarker) + 1;
    const first = key !== keyMarker ? 0 : versionMarker === '' ? versions.length : resumed;
    for (const version of versions.slice(first)) yield { key, version, isLatest: version === versions[0] };
  }
}

function nextMarkers({ entries, isTruncated }: Page<Listed>): Record<string, string> {
  const last = entries.at(-1);
  if (!isTruncated || last === undefined) return {};
  if ('commonPrefix' in last) return { NextKeyMarker: last.commonPrefix };
  return { NextKeyMarker: last.item.key, NextVersionIdMarker: last.item.version.versionId };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export const listObjectVersions: Operation = ({ bucket: name, query }, { buckets }) => {
  const bucket = buckets.require(name);
  const request = pageRequestOf(query);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  const below = request.delimiter !== '' && keyMarker.endsWith(request.delimiter) ? keyMarker : undefined;
  const listed = allVersions(bucket, request.prefix, keyMarker, versionMarker);
  const page = takePage(notBelow(below, listed), request);
  const items = page.entries.flatMap((entry) => ('item' in entry ? [entry.item] : []));
  const shared = ({ version, isLatest }: Listed) => ({
    Key: request.encode(version.key),
    VersionId: version.versionId,
    IsLatest: isLatest,
    LastModified: version.lastModified,
  });
  return {
    xml: {
      root: 'ListVersionsResult',
      content: {
        Name: name,
        ...pageElements(request, page),
        KeyMarker: request.encode(keyMarker),
        VersionIdMarker: versionMarker,
        ...nextMarkers(page),
        Version: items.flatMap((item) =>
          isContent(item.version)
            ? [{ ...shared(item), ETag: `"${item.version.content.etag}"`, Size: item.version.content.sizeBytes }]
            : [],
        ),
        DeleteMarker: items.flatMap((item) => (isContent(item.version) ? [] : [shared(item)])),
      },
    },
  };
};
