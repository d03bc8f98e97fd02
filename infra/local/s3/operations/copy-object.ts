import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { requireReadable, writeConditionOf } from '../conditions.ts';
import { requireVersion } from '../find-version.ts';
import { objectDescriptionOf } from '../object-description.ts';
import type { Operation } from '../s3-call.ts';
import { S3Problem } from '../s3-problem.ts';
import type { ObjectDescription } from '../stored-version.ts';
import { checksumElements, versionHeaders } from '../version-headers.ts';

/** `bucket/key?versionId=…`, URL-encoded, with or without a slash before it. */
function sourceOf(header: string): { bucket: string; key: string; versionId: string | null } {
  const [, bucket, key, versionId] = /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/.exec(header) ?? [];
  if (bucket === undefined || key === undefined) throw new S3Problem('InvalidArgument', 'Invalid copy source');
  return { bucket, key: decodeURIComponent(key), versionId: versionId ?? null };
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html. The ETag of the copy is the source's, also
 * where that was uploaded in parts.
 */
export const copyObject: Operation = async (call, world) => {
  const { headers } = call;
  const target = world.buckets.require(call.bucket);
  const from = sourceOf(headers['x-amz-copy-source']?.toString() ?? '');
  const read = from.versionId === null ? 's3:GetObject' : 's3:GetObjectVersion';
  call.requireAccess(read, from.bucket, from.key);
  const sourceBucket = world.buckets.require(from.bucket);
  const source = requireVersion(sourceBucket, from.key, from.versionId);
  requireReadable(headers, source, 'x-amz-copy-source-');
  const replacesMetadata = headers['x-amz-metadata-directive'] === 'REPLACE';
  if (!replacesMetadata && from.bucket === call.bucket && from.key === call.key && from.versionId === null)
    throw new S3Problem('InvalidRequest', 'This copy request is illegal because it changes nothing of the object.');
  const kept: ObjectDescription = source.content.description;
  const given = objectDescriptionOf(headers);
  const tags = headers['x-amz-tagging-directive'] === 'REPLACE' ? given.tags : kept.tags;
  const content = { ...source.content, description: { ...(replacesMetadata ? given : kept), tags } };
  const path = world.newFile();
  try {
    await copyFile(sourceBucket.pathOf(source), path, constants.COPYFILE_FICLONE);
    const version = target.put(call.key, path, content, writeConditionOf(headers));
    await world.announce(call.bucket, version, 'CopyObject', call.requestId);
    const { etag, checksum } = version.content;
    return {
      headers: {
        ...versionHeaders(target.settings, version),
        'x-amz-copy-source-version-id': versionHeaders(sourceBucket.settings, source)['x-amz-version-id'],
      },
      xml: {
        root: 'CopyObjectResult',
        content: { ETag: `"${etag}"`, LastModified: version.lastModified, ...checksumElements(checksum) },
      },
    };
  } finally {
    await rm(path, { force: true });
  }
};
