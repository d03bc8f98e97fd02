import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { s3UnderTest } from './s3.testbed.ts';
import { isLeftOut } from './suite-target.ts';

const FAILED = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
describe.skipIf(isLeftOut('s3'))('S3 conditional requests', () => {
  const s3 = s3UnderTest();
  const { bucket: Bucket } = s3;

  test('If-None-Match: * lets the first write in and no second', async () => {
    await s3.put('once', '1', { IfNoneMatch: '*' });
    await expect(s3.put('once', '2', { IfNoneMatch: '*' })).rejects.toMatchObject(FAILED);
    expect(await s3.text('once')).toBe('1');
  });

  test('of sixteen writers at once exactly one wins, and its body is the one that stays', async () => {
    const attempts = Array.from({ length: 16 }, (_, writer) =>
      s3.put('race', `${writer}`.repeat(10_000), { IfNoneMatch: '*' }).then(
        () => [writer],
        () => [],
      ),
    );
    const winners = (await Promise.all(attempts)).flat();
    expect(winners).toHaveLength(1);
    expect(await s3.text('race')).toBe(`${winners[0]}`.repeat(10_000));
  });

  test('of eight writers who read the same version exactly one replaces it', async () => {
    const { ETag = '' } = await s3.put('swap', 'old');
    const attempts = Array.from({ length: 8 }, (_, writer) =>
      s3.put('swap', `new ${writer}`, { IfMatch: ETag }).then(
        () => 1,
        () => 0,
      ),
    );
    expect((await Promise.all(attempts)).reduce<number>((sum, won) => sum + won, 0)).toBe(1);
  });

  test('If-Match replaces the version it names and no later one', async () => {
    const { ETag = '' } = await s3.put('m', '1');
    await s3.put('m', '2', { IfMatch: ETag });
    await expect(s3.put('m', '3', { IfMatch: ETag })).rejects.toMatchObject(FAILED);
    expect(await s3.text('m')).toBe('2');
  });

  test('If-Match on an absent key is a 404', async () => {
    await expect(s3.put('nokey', '1', { IfMatch: '"x"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('a multipart upload is completed under the same condition', async () => {
    await s3.put('taken', '1');
    const Key = 'taken';
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: 'x' };
    const { ETag } = await s3.client.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, IfNoneMatch: '*', MultipartUpload });
    await expect(s3.client.send(complete)).rejects.toMatchObject(FAILED);
    expect(await s3.text('taken')).toBe('1');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
  test('a delete that names another version is refused', async () => {
    const { ETag } = await s3.put('dm', '1');
    const stale = s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'dm', IfMatch: '"0000"' }));
    await expect(stale).rejects.toMatchObject(FAILED);
    expect(await s3.text('dm')).toBe('1');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'dm', IfMatch: ETag }));
    await expect(s3.text('dm')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
  test('a reader who has it already gets 304, one who wants another version 412', async () => {
    const { ETag = '' } = await s3.put('read', '1');
    await expect(s3.text('read', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(s3.text('read', { IfMatch: '"zz"' })).rejects.toMatchObject(FAILED);
    expect(await s3.text('read', { IfMatch: ETag })).toBe('1');
    const past = new Date(Date.now() - 3_600_000);
    await expect(s3.text('read', { IfUnmodifiedSince: past })).rejects.toMatchObject(FAILED);
    const future = new Date(Date.now() + 3_600_000);
    await expect(s3.text('read', { IfModifiedSince: future })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
  });
});
