import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ObjectInfo, ObjectStore, WriteCondition } from '../../ports/object-store.ts';
import { hashingPassThrough } from './hashing-pass-through.ts';
import { infoOf } from './object-info.ts';
import { isAbsent, isFailedCondition } from './s3-errors.ts';

/** One bucket of S3. `client` has its own retries; what they cannot mend is thrown as the SDK's error. */
export function s3ObjectStore(client: S3Client, bucket: string): ObjectStore {
  const at = (key: string, versionId?: string) => ({
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  return {
    bucket,
    head: (key, versionId) =>
      orUndefined(async () => infoOf(key, await client.send(new HeadObjectCommand(at(key, versionId))))),
    readText: (key, versionId) =>
      orUndefined(async () => {
        const answer = await client.send(new GetObjectCommand(at(key, versionId)));
        return { text: (await answer.Body?.transformToString('utf-8')) ?? '', etag: answer.ETag ?? '' };
      }),
    download: (key, path, versionId) =>
      orUndefined(async () => {
        const answer = await client.send(new GetObjectCommand(at(key, versionId)));
        const { stream, hash } = hashingPassThrough();
        if (!(answer.Body instanceof Readable)) throw new Error(`S3 answered without a stream for ${key}`);
        await pipeline(answer.Body, stream, createWriteStream(path));
        const { size } = await stat(path);
        return { ...infoOf(key, { ...answer, ContentLength: size }), sha256: hash() };
      }),
    upload: async (key, path) => {
      const { size } = await stat(path);
      const upload = new Upload({ client, params: { ...at(key), Body: createReadStream(path) } });
      return infoOf(key, { ...(await upload.done()), ContentLength: size });
    },
    writeText: async (key, text, condition) => {
      const Body = Buffer.from(text, 'utf-8');
      try {
        const answer = await client.send(new PutObjectCommand({ ...at(key), Body, ...conditionOf(condition) }));
        return infoOf(key, { ...answer, ContentLength: Body.length });
      } catch (error) {
        if (condition !== undefined && isFailedCondition(error)) return 'precondition_failed';
        throw error;
      }
    },
    delete: async (key, ifMatch) => {
      try {
        await client.send(
          new DeleteObjectCommand({ ...at(key), ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }) }),
        );
        return 'deleted';
      } catch (error) {
        if (ifMatch !== undefined && isFailedCondition(error)) return 'precondition_failed';
        throw error;
      }
    },
    list: async (prefix) => {
      const found: ObjectInfo[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
        for (const { Key = '', ...rest } of page.Contents ?? [])
          found.push(infoOf(Key, { ...rest, ContentLength: rest.Size }));
      return found;
    },
  };
}

function conditionOf(condition: WriteCondition | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  if (condition === undefined) return {};
  return 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch };
}

async function orUndefined<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
