import type { IncomingHttpHeaders } from 'node:http';
import {
  getBucketLocation,
  getBucketNotification,
  getBucketVersioning,
  putBucketNotification,
  putBucketVersioning,
} from './operations/bucket-settings.ts';
import { createBucket, deleteBucket, headBucket, listBuckets } from './operations/buckets.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { deleteObject, deleteObjects } from './operations/delete-object.ts';
import { getObject, headObject } from './operations/get-object.ts';
import { listObjectVersions } from './operations/list-object-versions.ts';
import { listObjectsV2 } from './operations/list-objects.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './operations/multipart-upload.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/object-tagging.ts';
import { putObject } from './operations/put-object.ts';
import type { Operation, S3Action } from './s3-call.ts';
import { S3Problem } from './s3-problem.ts';

/** An operation and the right it needs. DeleteObjects asks for that itself, key by key. */
export interface Route {
  readonly operation: Operation;
  readonly action: S3Action | undefined;
}

const route = (operation: Operation, action: S3Action | undefined): Route => ({ operation, action });

/** By what is addressed, the method, and the query parameter (or `copy`) that tells operations of one method apart. */
const ROUTES: { readonly [target: string]: Route } = {
  'service GET': route(listBuckets, 's3:ListAllMyBuckets'),
  'bucket PUT': route(createBucket, 's3:CreateBucket'),
  'bucket HEAD': route(headBucket, 's3:ListBucket'),
  'bucket DELETE': route(deleteBucket, 's3:DeleteBucket'),
  'bucket PUT versioning': route(putBucketVersioning, 's3:PutBucketVersioning'),
  'bucket GET versioning': route(getBucketVersioning, 's3:GetBucketVersioning'),
  'bucket PUT notification': route(putBucketNotification, 's3:PutBucketNotification'),
  'bucket GET notification': route(getBucketNotification, 's3:GetBucketNotification'),
  'bucket GET location': route(getBucketLocation, 's3:GetBucketLocation'),
  'bucket GET list-type': route(listObjectsV2, 's3:ListBucket'),
  'bucket GET versions': route(listObjectVersions, 's3:ListBucketVersions'),
  'bucket POST delete': route(deleteObjects, undefined),
  'object PUT': route(putObject, 's3:PutObject'),
  'object PUT copy': route(copyObject, 's3:PutObject'),
  'object PUT uploadId': route(uploadPart, 's3:PutObject'),
  'object PUT tagging': route(putObjectTagging, 's3:PutObjectTagging'),
  'object GET': route(getObject, 's3:GetObject'),
  'object GET versionId': route(getObject, 's3:GetObjectVersion'),
  'object GET tagging': route(getObjectTagging, 's3:GetObjectTagging'),
  'object HEAD': route(headObject, 's3:GetObject'),
  'object HEAD versionId': route(headObject, 's3:GetObjectVersion'),
  'object DELETE': route(deleteObject, 's3:DeleteObject'),
  'object DELETE versionId': route(deleteObject, 's3:DeleteObjectVersion'),
  'object DELETE uploadId': route(abortMultipartUpload, 's3:AbortMultipartUpload'),
  'object DELETE tagging': route(deleteObjectTagging, 's3:DeleteObjectTagging'),
  'object POST uploads': route(createMultipartUpload, 's3:PutObject'),
  'object POST uploadId': route(completeMultipartUpload, 's3:PutObject'),
};

/** Parameters that are said along with an operation and do not choose it. */
const PASSED_OVER =
  /^(x-id|X-Amz-.*|response-.*|prefix|delimiter|max-keys|marker|key-marker|version-id-marker|start-after|continuation-token|encoding-type|fetch-owner|partNumber|max-buckets)$/;

/**
 * Finds the operation that S3 would perform.
 *
 * @throws S3Problem NotImplemented for one the stand-in does not have, rather than doing another in its place.
 */
export function routeOf(
  method: string,
  {
    bucket,
    key,
    query,
    headers,
  }: { bucket: string; key: string; query: URLSearchParams; headers: IncomingHttpHeaders },
): Route {
  const target = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const chosen = [...query.keys()].filter((name) => !PASSED_OVER.test(name));
  const tagging = chosen.includes('tagging') ? ['tagging'] : chosen;
  const choices = headers['x-amz-copy-source'] === undefined ? tagging : [...tagging, 'copy'];
  const found = ROUTES[[target, method, ...choices].join(' ')];
  if (found === undefined) throw new S3Problem('NotImplemented', `${target} ${method} ${choices.join(' ')}`);
  return found;
}
