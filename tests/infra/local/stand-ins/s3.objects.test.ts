import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { forcePathStyle, s3UnderTest } from './s3.testbed.ts';
import { endpointElsewhere, isLeftOut } from './suite-target.ts';

const elsewhere = endpointElsewhere('s3') !== undefined;

const md5 = (bytes: string | Buffer): string => createHash('md5').update(bytes).digest('hex');

describe.skipIf(isLeftOut('s3'))('S3 objects', () => {
  const s3 = s3UnderTest();
  const { bucket: Bucket } = s3;

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  test('an object comes back as it was put, under its MD5 as ETag', async () => {
    const { ETag } = await s3.put('hello', 'hello');
    expect(ETag).toBe(`"${md5('hello')}"`);
    expect(await s3.text('hello')).toBe('hello');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  test('an empty object is an object', async () => {
    await s3.put('empty', '');
    expect((await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'empty' }))).ContentLength).toBe(0);
    expect(await s3.text('empty')).toBe('');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
  test.each([
    ['in two uneven pieces', [100_000, 200_001]],
    ['in one-byte pieces', Array.from({ length: 50 }, () => 1)],
  ])('a stream with a checksum behind it is stored without its framing, %s', async (_name, sizes) => {
    const pieces = sizes.map((size) => randomBytes(size));
    const whole = Buffer.concat(pieces);
    await s3.put('stream', Readable.from(pieces), { ContentLength: whole.length });
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
  test('a reader who asks for it gets the checksum', async () => {
    await s3.put('sum', 'hello');
    const answer = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'sum', ChecksumMode: 'ENABLED' }));
    await answer.Body?.transformToString();
    expect(answer.ChecksumCRC32).toBe('NhCmhg==');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
  test('a body that is not what its checksum says is refused and leaves nothing', async () => {
    await expect(s3.put('bad', 'hello', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(s3.put('bad', 'hello', { ContentMD5: md5('x') })).rejects.toMatchObject({
      name: expect.stringMatching(/^(InvalidDigest|BadDigest)$/),
    });
    await expect(s3.text('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
  test('content type, user metadata and cache headers are kept', async () => {
    const Metadata = { partner: 'prt_1', 'with-dash': 'a b' };
    await s3.put('described', 'x', { ContentType: 'text/csv', Metadata, CacheControl: 'no-store' });
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'described' }));
    expect(head).toMatchObject({ ContentType: 'text/csv', Metadata, CacheControl: 'no-store' });
    expect(head.LastModified?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  test.each(['k/a b+c%20=d/ü😀', 'k//double', 'k/quote\'"<>&', 'k/./dot', 'é'.repeat(512)])(
    'a key may be %s',
    async (key) => {
      await s3.put(key, key);
      expect(await s3.text(key)).toBe(key);
    },
  );

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  test('a key may climb up in itself and not out of itself', async ({ skip }) => {
    skip(elsewhere, 'the web server of s3proxy resolves dots');
    await s3.put('k/2026/../../up', 'x');
    expect(await s3.text('k/2026/../../up')).toBe('x');
    for (const key of ['../up', 'k/../../up', '../../../etc/passwd'])
      await expect(s3.put(key, 'x')).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  test('a key of 1,025 bytes is too long', async ({ skip }) => {
    skip(elsewhere, 's3proxy takes keys of any length');
    await expect(s3.put('k'.repeat(1025), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range)
  test('a range is cut out, from the end too, and one past the end is refused', async () => {
    await s3.put('range', 'hello');
    const cut = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=1-3' }));
    expect([await cut.Body?.transformToString(), cut.ContentRange]).toEqual(['ell', 'bytes 1-3/5']);
    expect(cut.$metadata.httpStatusCode).toBe(206);
    expect(await s3.text('range', { Range: 'bytes=-2' })).toBe('lo');
    expect(await s3.text('range', { Range: 'bytes=3-99' })).toBe('lo');
    expect(await s3.text('range', { Range: 'bytes=2-' })).toBe('llo');
    await expect(s3.text('range', { Range: 'bytes=9-12' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
  test('a copy keeps the metadata or takes new, as asked', async () => {
    await s3.put('src ü', 'c', { Metadata: { a: '1' }, ContentType: 'text/csv' });
    const CopySource = `${Bucket}/${encodeURIComponent('src ü')}`;
    await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource }));
    const MetadataDirective = 'REPLACE' as const;
    await s3.client.send(
      new CopyObjectCommand({ Bucket, Key: 'new', CopySource, MetadataDirective, Metadata: { b: '2' } }),
    );
    const kept = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'kept' }));
    expect([kept.Metadata, kept.ContentType]).toEqual([{ a: '1' }, 'text/csv']);
    expect((await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'new' }))).Metadata).toEqual({ b: '2' });
    expect(await s3.text('new')).toBe('c');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
  test('deleting what is not there is no error, one by one or together', async () => {
    await s3.put('gone', 'x');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'never' }));
    const Delete = { Objects: [{ Key: 'gone' }, { Key: 'never <&> ü' }] };
    const { Deleted, Errors } = await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['gone', 'never <&> ü']);
    expect(Errors ?? []).toEqual([]);
    await expect(s3.text('gone')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
  test('tags change neither the body nor the ETag', async ({ skip }) => {
    skip(elsewhere, 's3proxy has no tags');
    const { ETag } = await s3.put('tagged', 'body');
    const Tagging = { TagSet: [{ Key: 'x', Value: 'y & z' }] };
    await s3.client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging }));
    expect((await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet).toEqual(
      Tagging.TagSet,
    );
    expect(await s3.text('tagged')).toBe('body');
    expect((await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'tagged' }))).ETag).toBe(ETag);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
  test('tags may come with the upload', async ({ skip }) => {
    skip(elsewhere, 's3proxy and versitygw do not take x-amz-tagging');
    await s3.put('tagged-on-put', 'body', { Tagging: 'a=1&b=x%20y' });
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged-on-put' }));
    expect(TagSet).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'x y' },
    ]);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  test('what is absent is named: key, key of a HEAD, bucket', async () => {
    await expect(s3.text('zz')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'zz' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    const nowhere = { Bucket: 'no-such-bucket-zz' };
    await expect(s3.client.send(new ListObjectsV2Command(nowhere))).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(s3.client.send(new HeadBucketCommand(nowhere))).rejects.toMatchObject({ name: 'NotFound' });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
  test('a bucket is listed, and deleted only when it is empty', async () => {
    const other = `${Bucket}-b`;
    await s3.client.send(new CreateBucketCommand({ Bucket: other }));
    expect((await s3.client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toContain(other);
    await s3.put('x', 'x', { Bucket: other });
    const refused = s3.client.send(new DeleteBucketCommand({ Bucket: other }));
    await expect(refused).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await s3.client.send(new DeleteObjectCommand({ Bucket: other, Key: 'x' }));
    await s3.client.send(new DeleteBucketCommand({ Bucket: other }));
    await expect(s3.client.send(new HeadBucketCommand({ Bucket: other }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
  test('an anonymous request is denied', async () => {
    const endpoint = await s3.client.config.endpoint?.();
    const answer = await fetch(`http://${endpoint?.hostname}:${endpoint?.port}/${Bucket}/hello`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  test('a wrong secret is refused', async ({ skip }) => {
    skip(!elsewhere, 'our stand-in takes any secret: only who signed is read from a request');
    const credentials = { ...forcePathStyle.credentials, secretAccessKey: 'wrong' };
    const stranger = new S3Client({ ...forcePathStyle, endpoint: endpointElsewhere('s3') ?? '', credentials });
    await expect(stranger.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });
});
