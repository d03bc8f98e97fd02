import { rm } from 'node:fs/promises';
import { writeConditionOf } from '../conditions.ts';
import { objectDescriptionOf } from '../object-description.ts';
import type { ReceivedFile } from '../receive-body.ts';
import type { Operation } from '../s3-call.ts';
import type { ObjectDescription, StoredContent } from '../stored-version.ts';
import { checksumHeaders, versionHeaders } from '../version-headers.ts';

/** What is kept of a body that came in one piece: its ETag is its MD5. */
function contentOf(received: ReceivedFile, description: ObjectDescription): Omit<StoredContent, 'file'> {
  const { md5, sizeBytes, checksum } = received;
  return {
    etag: md5.toString('hex'),
    sizeBytes,
    description,
    ...(checksum && { checksum: { ...checksum, type: 'FULL_OBJECT' } }),
  };
}

/**
 * The condition is held against the key twice: before the body is read, so that a lost race costs no upload, and in
 * the step that puts the object there.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export const putObject: Operation = async (call, world) => {
  const { key, headers } = call;
  const bucket = world.buckets.require(call.bucket);
  const condition = writeConditionOf(headers);
  const description = objectDescriptionOf(headers);
  condition(bucket.current(key));
  const received = await world.receive(call.request);
  try {
    const version = bucket.put(key, received.path, contentOf(received, description), condition);
    await world.announce(call.bucket, version, 'PutObject', call.requestId);
    return {
      headers: {
        etag: `"${version.content.etag}"`,
        ...checksumHeaders(version.content.checksum),
        ...versionHeaders(bucket.settings, version),
      },
    };
  } finally {
    await rm(received.path, { force: true });
  }
};
