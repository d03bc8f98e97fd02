import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { s3UnderTest } from './s3.testbed.ts';
import { isLeftOut } from './suite-target.ts';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
describe.skipIf(isLeftOut('s3'))('S3 versioning', () => {
  const s3 = s3UnderTest({ versioned: true });
  const { bucket: Bucket } = s3;
  const remove = (Key: string, VersionId?: string) =>
    s3.client.send(new DeleteObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }));
  const versionsOf = (Prefix: string) => s3.client.send(new ListObjectVersionsCommand({ Bucket, Prefix }));

  test('the bucket says that it is versioned', async () => {
    expect((await s3.client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  });

  test('every write is a version of its own, to be read by its id', async () => {
    const first = await s3.put('k', '1');
    const second = await s3.put('k', '2');
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await s3.text('k')).toBe('2');
    expect(await s3.text('k', first.VersionId === undefined ? {} : { VersionId: first.VersionId })).toBe('1');
    const { Versions = [] } = await versionsOf('k');
    expect(Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [second.VersionId, true],
      [first.VersionId, false],
    ]);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
  test('a delete hides the key behind a marker, and deleting the marker brings it back', async () => {
    await s3.put('hidden', '1');
    const { DeleteMarker, VersionId: marker } = await remove('hidden');
    expect(DeleteMarker).toBe(true);
    await expect(s3.text('hidden')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const listed = await versionsOf('hidden');
    expect([listed.Versions?.length, listed.DeleteMarkers?.length]).toEqual([1, 1]);
    await remove('hidden', marker);
    expect(await s3.text('hidden')).toBe('1');
  });

  test('a delete marker cannot be read by its id', async () => {
    await s3.put('marked', '1');
    const { VersionId } = await remove('marked');
    const read = s3.client.send(new GetObjectCommand({ Bucket, Key: 'marked', VersionId }));
    await expect(read).rejects.toMatchObject({ $metadata: { httpStatusCode: 405 } });
  });

  test('a version that is deleted by its id is gone for good', async () => {
    const { VersionId } = await s3.put('ended', '1');
    await s3.put('ended', '2');
    await remove('ended', VersionId);
    await expect(s3.client.send(new GetObjectCommand({ Bucket, Key: 'ended', VersionId }))).rejects.toMatchObject({
      name: 'NoSuchVersion',
    });
    expect(await s3.text('ended')).toBe('2');
  });

  test('If-None-Match: * is met where the newest version is a delete marker', async () => {
    await s3.put('again', '1');
    await remove('again');
    await s3.put('again', '2', { IfNoneMatch: '*' });
    await expect(s3.put('again', '3', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('versions are listed page by page, each once', async () => {
    for (const key of ['page/a', 'page/b']) for (const body of ['1', '2', '3']) await s3.put(key, body);
    const seen: (string | undefined)[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    let isTruncated = true;
    while (isTruncated) {
      const page = await s3.client.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: 'page/', MaxKeys: 2, ...markers }),
      );
      seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      isTruncated = page.IsTruncated === true;
    }
    expect([seen.length, new Set(seen).size]).toEqual([6, 6]);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
  test('when versioning is suspended writes replace each other and leave earlier versions alone', async () => {
    const { VersionId } = await s3.put('suspended', 'kept');
    const suspend = { Bucket, VersioningConfiguration: { Status: 'Suspended' } } as const;
    await s3.client.send(new PutBucketVersioningCommand(suspend));
    await s3.put('suspended', 'a');
    await s3.put('suspended', 'b');
    const { Versions = [] } = await versionsOf('suspended');
    expect(Versions.map((version) => version.VersionId)).toEqual(['null', VersionId]);
    expect(await s3.text('suspended')).toBe('b');
    expect((await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'suspended', VersionId }))).ContentLength).toBe(
      4,
    );
  });
});
