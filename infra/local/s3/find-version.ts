import type { Bucket } from './bucket.ts';
import { S3Problem } from './s3-problem.ts';
import { type ContentVersion, isContent } from './stored-version.ts';

/**
 * The version a reader asks for: the one named, or the current one.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html (404 without an id, 405 with it)
 *
 * @throws S3Problem NoSuchKey, NoSuchVersion, MethodNotAllowed
 */
export function requireVersion(bucket: Bucket, key: string, versionId: string | null): ContentVersion {
  const versions = bucket.versionsOf(key);
  const version = versionId === null ? versions[0] : versions.find((each) => each.versionId === versionId);
  if (version === undefined) throw new S3Problem(versionId === null ? 'NoSuchKey' : 'NoSuchVersion');
  if (isContent(version)) return version;
  throw new S3Problem(versionId === null ? 'NoSuchKey' : 'MethodNotAllowed', undefined, {
    'x-amz-delete-marker': 'true',
    'x-amz-version-id': version.versionId,
  });
}
