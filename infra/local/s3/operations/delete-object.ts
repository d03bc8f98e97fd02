import type { Bucket } from '../bucket.ts';
import { writeConditionOf } from '../conditions.ts';
import { childrenOf, childText, readXml } from '../read-xml.ts';
import { receiveDocument } from '../receive-body.ts';
import type { Operation } from '../s3-call.ts';
import { S3Problem } from '../s3-problem.ts';
import { isContent, type StoredVersion } from '../stored-version.ts';

const KEYS_MAX = 1000;

interface Deletion {
  /** The delete marker that was set, or the version that was ended. */
  readonly version: StoredVersion | undefined;
  readonly isDeleteMarker: boolean;
}

function deleteOne(bucket: Bucket, key: string, versionId: string | undefined, headers = {}): Deletion {
  const condition = writeConditionOf(headers);
  if (versionId === undefined) {
    const marker = bucket.delete(key, condition);
    return { version: marker, isDeleteMarker: marker !== undefined };
  }
  condition(bucket.current(key));
  const version = bucket.deleteVersion(key, versionId);
  return { version, isDeleteMarker: version !== undefined && !isContent(version) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html: an absent key is no error. */
export const deleteObject: Operation = (call, { buckets }) => {
  const bucket = buckets.require(call.bucket);
  const asked = call.query.get('versionId') ?? undefined;
  const { version, isDeleteMarker } = deleteOne(bucket, call.key, asked, call.headers);
  return {
    status: 204,
    headers: {
      'x-amz-version-id': asked ?? version?.versionId,
      'x-amz-delete-marker': isDeleteMarker ? 'true' : undefined,
    },
  };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: each key succeeds or fails by itself. */
export const deleteObjects: Operation = async (call, { buckets }) => {
  const bucket = buckets.require(call.bucket);
  const document = readXml(await receiveDocument(call.request));
  const objects = childrenOf(document, 'Object');
  if (objects.length === 0 || objects.length > KEYS_MAX) throw new S3Problem('MalformedXML');
  const Deleted = [];
  const errors = [];
  for (const object of objects) {
    const Key = childText(object, 'Key') ?? '';
    const VersionId = childText(object, 'VersionId');
    const etag = childText(object, 'ETag');
    try {
      call.requireAccess(VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', bucket.name, Key);
      const { version, isDeleteMarker } = deleteOne(
        bucket,
        Key,
        VersionId,
        etag === undefined ? {} : { 'if-match': etag },
      );
      Deleted.push({
        Key,
        VersionId,
        ...(isDeleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: version?.versionId } : {}),
      });
    } catch (error) {
      if (!(error instanceof S3Problem)) throw error;
      errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  const quiet = childText(document, 'Quiet') === 'true';
  return { xml: { root: 'DeleteResult', content: { Deleted: quiet ? [] : Deleted, Error: errors } } };
};
