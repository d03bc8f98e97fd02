import { rm } from 'node:fs/promises';
import { objectDescriptionOf } from '../object-description.ts';
import type { Operation, S3Call } from '../s3-call.ts';
import { S3Problem } from '../s3-problem.ts';
import { ChecksumAlgorithm } from '../stored-version.ts';

const PART_NUMBER_MAX = 10_000;

export const uploadIdOf = ({ query }: S3Call): string => query.get('uploadId') ?? '';

function requestedChecksum({ headers }: S3Call) {
  const algorithm = headers['x-amz-checksum-algorithm'];
  if (algorithm === undefined) return {};
  const parsed = ChecksumAlgorithm.safeParse(algorithm);
  if (!parsed.success) throw new S3Problem('NotImplemented', `No checksum of the kind ${algorithm} here`);
  const type = headers['x-amz-checksum-type'] === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE';
  return { checksum: { algorithm: parsed.data, type } as const };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload: Operation = (call, { buckets, uploads }) => {
  const { bucket, key, headers } = call;
  buckets.require(bucket);
  const { checksum } = requestedChecksum(call);
  const description = objectDescriptionOf(headers);
  const uploadId = uploads.begin({ bucket, key, description, ...(checksum && { checksum }) });
  return {
    headers: { 'x-amz-checksum-algorithm': checksum?.algorithm, 'x-amz-checksum-type': checksum?.type },
    xml: { root: 'InitiateMultipartUploadResult', content: { Bucket: bucket, Key: key, UploadId: uploadId } },
  };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart: Operation = async (call, world) => {
  const { bucket, key, query, request } = call;
  const partNumber = Number(query.get('partNumber'));
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > PART_NUMBER_MAX)
    throw new S3Problem('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  world.uploads.require(uploadIdOf(call), bucket, key);
  const received = await world.receive(request);
  try {
    world.uploads.require(uploadIdOf(call), bucket, key);
    world.uploads.addPart(uploadIdOf(call), partNumber, received);
  } finally {
    await rm(received.path, { force: true });
  }
  const { md5, checksum } = received;
  const value = checksum && { [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: checksum.value };
  return { headers: { etag: `"${md5.toString('hex')}"`, ...value } };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: Operation = (call, { uploads }) => {
  uploads.require(uploadIdOf(call), call.bucket, call.key);
  uploads.end(uploadIdOf(call));
  return { status: 204 };
};
