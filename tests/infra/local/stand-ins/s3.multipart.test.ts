import { randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, test } from 'vitest';
import { s3UnderTest } from './s3.testbed.ts';
import { endpointElsewhere, isLeftOut } from './suite-target.ts';

const MIB = 1024 * 1024;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
describe.skipIf(isLeftOut('s3'))('S3 multipart uploads', () => {
  const s3 = s3UnderTest();
  const { bucket: Bucket } = s3;

  async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) {
    const { UploadId = '' } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    const at = { Bucket, Key, UploadId };
    return {
      part: async (PartNumber: number, Body: Buffer | string) => {
        const { ETag, ChecksumCRC32 } = await s3.client.send(new UploadPartCommand({ ...at, PartNumber, Body }));
        return { PartNumber, ETag, ChecksumCRC32 };
      },
      complete: (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
        s3.client.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts } })),
      abort: () => s3.client.send(new AbortMultipartUploadCommand(at)),
    };
  }

  test('parts are put together by number, whatever order they came in', async () => {
    const upload = await begin('mp', { ContentType: 'text/csv', Metadata: { a: '1' } });
    const first = randomBytes(5 * MIB);
    const last = await upload.part(2, 'end');
    const { ETag } = await upload.complete([await upload.part(1, first), last]);
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const { Body, ContentType, Metadata } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'mp' }));
    expect(
      Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.concat([first, Buffer.from('end')])),
    ).toBe(true);
    expect([ContentType, Metadata]).toEqual(['text/csv', { a: '1' }]);
  });

  test('a part uploaded again replaces the earlier one', async () => {
    const upload = await begin('again');
    await upload.part(1, 'old');
    await upload.complete([await upload.part(1, 'new')]);
    expect(await s3.text('again')).toBe('new');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html (errors)
  test('a part below 5 MiB that is not the last is refused', async () => {
    const upload = await begin('small');
    const parts = [await upload.part(1, 'x'), await upload.part(2, 'x')];
    await expect(upload.complete(parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
  });

  test('a part that was never uploaded, or has another ETag, is refused', async () => {
    const upload = await begin('wrong');
    const part = await upload.part(1, 'x');
    await expect(upload.complete([{ PartNumber: 2, ETag: part.ETag }])).rejects.toMatchObject({ name: 'InvalidPart' });
    const other = [{ PartNumber: 1, ETag: '"00000000000000000000000000000000"' }];
    await expect(upload.complete(other)).rejects.toMatchObject({ name: 'InvalidPart' });
  });

  test('parts out of order are refused', async ({ skip }) => {
    skip(endpointElsewhere('s3') !== undefined, 's3proxy puts them in order itself');
    const upload = await begin('order');
    const [one, two] = [await upload.part(1, 'x'), await upload.part(2, 'x')];
    await expect(upload.complete([two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  });

  test('an aborted or completed upload takes no more parts, and an aborted one leaves no object', async ({ skip }) => {
    skip(endpointElsewhere('s3') !== undefined, 's3proxy goes on taking parts');
    const aborted = await begin('aborted');
    await aborted.part(1, 'x');
    await aborted.abort();
    await expect(aborted.part(2, 'x')).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await expect(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'aborted' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    const completed = await begin('completed');
    await completed.complete([await completed.part(1, 'x')]);
    await expect(completed.part(2, 'x')).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  test('the SDK’s own uploader gets its 12 MiB through, checksums and all', async () => {
    const Body = randomBytes(12 * MIB);
    await new Upload({ client: s3.client, params: { Bucket, Key: 'big.parquet', Body } }).done();
    const answer = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'big.parquet', ChecksumMode: 'ENABLED' }));
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
    expect(answer.ETag).toMatch(/-3"$/);
  });
});
