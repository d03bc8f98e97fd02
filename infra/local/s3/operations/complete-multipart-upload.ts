import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { writeConditionOf } from '../conditions.ts';
import { childrenOf, childText, readXml } from '../read-xml.ts';
import { receiveDocument } from '../receive-body.ts';
import { openDigest } from '../running-digest.ts';
import type { Operation } from '../s3-call.ts';
import { S3Problem } from '../s3-problem.ts';
import type { Checksum } from '../stored-version.ts';
import type { Upload, UploadedPart } from '../uploads.ts';
import { checksumElements, versionHeaders } from '../version-headers.ts';
import { uploadIdOf } from './multipart-upload.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: all parts but the last */
const PART_BYTES_MIN = 5 * 1024 * 1024;

/** The parts the client names, in its order, each as it was uploaded. */
function namedParts(document: string, uploaded: ReadonlyMap<number, UploadedPart>): readonly UploadedPart[] {
  const parts = childrenOf(readXml(document), 'Part').map((element) => {
    const part = uploaded.get(Number(childText(element, 'PartNumber')));
    const etag = childText(element, 'ETag')?.replaceAll('"', '');
    if (part === undefined || part.etag !== etag) throw new S3Problem('InvalidPart');
    const claimed = part.checksum && childText(element, `Checksum${part.checksum.algorithm}`);
    if (claimed !== undefined && claimed !== part.checksum?.value) throw new S3Problem('InvalidPart');
    return part;
  });
  if (parts.length === 0) throw new S3Problem('MalformedXML');
  if (parts.some((part, index) => part.partNumber <= (parts[index - 1]?.partNumber ?? 0)))
    throw new S3Problem('InvalidPartOrder');
  if (parts.slice(0, -1).some(({ sizeBytes }) => sizeBytes < PART_BYTES_MIN)) throw new S3Problem('EntityTooSmall');
  return parts;
}

/** Writes the parts one behind another, and returns the checksum of the whole if that is what was asked for. */
async function join(parts: readonly UploadedPart[], path: string, { checksum }: Upload): Promise<Checksum | undefined> {
  const whole = checksum?.type === 'FULL_OBJECT' ? openDigest(checksum.algorithm) : undefined;
  const file = await open(path, 'wx');
  try {
    for (const part of parts)
      for await (const chunk of createReadStream(part.path)) {
        whole?.update(chunk);
        await file.write(chunk);
      }
  } finally {
    await file.close();
  }
  return checksum && whole && { ...checksum, value: whole.digest().toString('base64') };
}

/** A checksum of the parts' checksums; undefined unless every part has one of that kind. */
function compositeChecksum(parts: readonly UploadedPart[], { checksum }: Upload): Checksum | undefined {
  if (checksum?.type !== 'COMPOSITE') return undefined;
  const digest = openDigest(checksum.algorithm);
  for (const part of parts) {
    if (part.checksum?.algorithm !== checksum.algorithm) return undefined;
    digest.update(Buffer.from(part.checksum.value, 'base64'));
  }
  return { ...checksum, value: `${digest.digest().toString('base64')}-${parts.length}` };
}

/** The MD5 of the parts' MD5s and their number, as S3 makes it. */
function etagOf(parts: readonly UploadedPart[]): string {
  const md5s = parts.map(({ etag }) => Buffer.from(etag, 'hex'));
  return `${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-${parts.length}`;
}

/**
 * A failed condition leaves the upload as it is.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export const completeMultipartUpload: Operation = async (call, world) => {
  const { key, headers, requestId } = call;
  const uploadId = uploadIdOf(call);
  const bucket = world.buckets.require(call.bucket);
  const upload = world.uploads.require(uploadId, call.bucket, key);
  const condition = writeConditionOf(headers);
  condition(bucket.current(key));
  const parts = namedParts(await receiveDocument(call.request), world.uploads.parts(uploadId));
  const path = world.newFile();
  try {
    const checksum = (await join(parts, path, upload)) ?? compositeChecksum(parts, upload);
    const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    world.uploads.require(uploadId, call.bucket, key);
    const content = { etag: etagOf(parts), sizeBytes, description: upload.description, ...(checksum && { checksum }) };
    const version = bucket.put(key, path, content, condition);
    world.uploads.end(uploadId);
    await world.announce(call.bucket, version, 'CompleteMultipartUpload', requestId);
    const ETag = `"${version.content.etag}"`;
    return {
      headers: versionHeaders(bucket.settings, version),
      xml: {
        root: 'CompleteMultipartUploadResult',
        content: {
          Location: `/${call.bucket}/${encodeURIComponent(key)}`,
          Bucket: call.bucket,
          Key: key,
          ETag,
          ...checksumElements(checksum),
        },
      },
    };
  } finally {
    await rm(path, { force: true });
  }
};
