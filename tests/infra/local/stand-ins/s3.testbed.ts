import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { startS3 } from '../../../../infra/local/s3/s3.ts';
import { CLIENT, endpointElsewhere } from './suite-target.ts';

/** An S3 to try things on, and the calls the suites make most. */
export interface S3UnderTest {
  readonly client: S3Client;
  readonly bucket: string;
  put(
    Key: string,
    Body: NonNullable<PutObjectCommandInput['Body']>,
    more?: Partial<PutObjectCommandInput>,
  ): Promise<PutAnswer>;
  text(Key: string, more?: Partial<GetObjectCommandInput>): Promise<string>;
}
type PutAnswer = { readonly ETag?: string | undefined; readonly VersionId?: string | undefined };

export const forcePathStyle = { ...CLIENT, forcePathStyle: true };

/** Opens a bucket of its own for the tests of one file, and closes all of it after them. */
export function s3UnderTest(options: { readonly versioned?: boolean } = {}): S3UnderTest {
  const bucket = `suite-${randomBytes(5).toString('hex')}`;
  const elsewhere = endpointElsewhere('s3');
  let client = new S3Client({ ...forcePathStyle, endpoint: elsewhere ?? 'http://127.0.0.1:1' });
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    if (elsewhere === undefined) {
      const folder = await mkdtemp(join(tmpdir(), 's3-'));
      const standIn = await startS3({ folder });
      client = new S3Client({ ...forcePathStyle, endpoint: standIn.endpoint });
      closing.push(
        () => standIn.close(),
        () => rm(folder, { recursive: true }),
      );
    }
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    if (options.versioned === true) {
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    }
  });
  afterAll(async () => {
    client.destroy();
    for (const close of closing) await close();
  });

  return {
    get client() {
      return client;
    },
    bucket,
    put: (Key, Body, more = {}) => client.send(new PutObjectCommand({ Bucket: bucket, Key, ...more, Body })),
    async text(Key, more = {}) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key, ...more }));
      return (await Body?.transformToString()) ?? '';
    },
  };
}
