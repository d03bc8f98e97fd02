import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import type { Bucket } from './bucket.ts';
import type { Objects, StoredObject } from './objects.ts';
import { openDigest } from './running-digest.ts';
import type { S3World } from './s3-call.ts';
import type { ContentVersion, StoredContent } from './stored-version.ts';

function storedObject(bucket: Bucket, version: ContentVersion): StoredObject {
  const { etag, sizeBytes } = version.content;
  const path = bucket.pathOf(version);
  const versioned = version.versionId === 'null' ? {} : { versionId: version.versionId };
  return { bucket: bucket.name, key: version.key, path, etag, sizeBytes, ...versioned };
}

/** What an upload of the file by the SDK would have left: an MD5 for ETag and a CRC32. */
async function contentOf(path: string): Promise<Omit<StoredContent, 'file'>> {
  const md5 = createHash('md5');
  const crc32 = openDigest('CRC32');
  for await (const chunk of createReadStream(path)) for (const digest of [md5, crc32]) digest.update(chunk);
  return {
    etag: md5.digest('hex'),
    sizeBytes: (await stat(path)).size,
    checksum: { algorithm: 'CRC32', value: crc32.digest().toString('base64'), type: 'FULL_OBJECT' },
    description: { contentType: 'application/octet-stream', headers: {}, metadata: {}, tags: {} },
  };
}

/** Renames cannot cross from one disk to another, copies can. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

/** The stand-in's objects for use inside the process. */
export function objectsOf({ buckets, newFile, announce }: S3World, newRequestId: () => string): Objects {
  return {
    find(bucketName, key) {
      const bucket = buckets.find(bucketName);
      const version = bucket?.current(key);
      return bucket && version && storedObject(bucket, version);
    },
    list(bucketName, prefix) {
      const bucket = buckets.find(bucketName);
      if (bucket === undefined) return [];
      return [...bucket.keysStartingWith(prefix)].flatMap((key) => {
        const version = bucket.current(key);
        return version === undefined ? [] : [storedObject(bucket, version)];
      });
    },
    async adopt(bucketName, key, path) {
      const bucket = buckets.require(bucketName);
      const content = await contentOf(path);
      const received = newFile();
      await moveFile(path, received);
      const version = bucket.put(key, received, content);
      await announce(bucketName, version, 'PutObject', newRequestId());
      return storedObject(bucket, version);
    },
  };
}
