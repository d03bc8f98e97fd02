import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3StandIn, startS3 } from '../../../../infra/local/s3/s3.ts';
import { s3ObjectStore } from '../../../../lib/adapters/s3/s3-object-store.ts';
import type { ObjectStore } from '../../../../lib/ports/object-store.ts';

describe('objects in S3', () => {
  const folder = mkdtempSync(join(tmpdir(), 's3-store-'));
  let standIn: S3StandIn;
  let store: ObjectStore;
  let plain: ObjectStore;

  beforeAll(async () => {
    standIn = await startS3({ folder: join(folder, 'objects') });
    standIn.ensureBucket('versions', { versioned: true });
    standIn.ensureBucket('plain');
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'test' };
    const client = new S3Client({
      region: 'eu-central-1',
      endpoint: standIn.endpoint,
      credentials,
      forcePathStyle: true,
    });
    store = s3ObjectStore(client, 'versions');
    plain = s3ObjectStore(client, 'plain');
  });
  afterAll(async () => {
    await standIn.close();
    rmSync(folder, { recursive: true });
  });

  test('what is not there is undefined, in every way to ask', async () => {
    expect(await store.head('none')).toBeUndefined();
    expect(await store.readText('none')).toBeUndefined();
    expect(await store.download('none', join(folder, 'none'))).toBeUndefined();
    expect(await store.head('none', 'no-version')).toBeUndefined();
  });

  test('text comes back as it was written, beyond the first plane too', async () => {
    const text = 'Grüße 表 \u{1F600} \\ "quoted"\n';
    const written = await store.writeText('text', text);
    expect(await store.readText('text')).toMatchObject({ text, etag: Object(written).etag });
    expect(await store.head('text')).toMatchObject({ key: 'text', sizeBytes: Buffer.byteLength(text) });
  });

  test('a version is read as it was, whatever came under its key later', async () => {
    const first = await store.writeText('changing', 'one');
    await store.writeText('changing', 'two');
    expect(await store.readText('changing', Object(first).versionId)).toMatchObject({ text: 'one' });
    expect(await store.readText('changing')).toMatchObject({ text: 'two' });
  });

  test.each([0, 1, 70_000, 7 * 1024 * 1024])(
    'a file of %d bytes goes up and comes down with its SHA-256',
    async (size) => {
      const bytes = Buffer.alloc(size, 'apportion');
      const [there, back] = [join(folder, 'there'), join(folder, 'back')];
      writeFileSync(there, bytes);
      const info = await plain.upload(`files/${size}`, there);
      const got = await plain.download(`files/${size}`, back);
      expect(got).toMatchObject({
        etag: info.etag,
        sizeBytes: size,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(readFileSync(back).equals(bytes)).toBe(true);
    },
  );

  test('a write on condition fails without writing where the condition does not hold', async () => {
    const first = Object(await plain.writeText('pointer', '1', { ifAbsent: true }));
    expect(await plain.writeText('pointer', '2', { ifAbsent: true })).toBe('precondition_failed');
    expect(await plain.writeText('pointer', '3', { ifMatch: first.etag })).toMatchObject({ key: 'pointer' });
    expect(await plain.writeText('pointer', '4', { ifMatch: first.etag })).toBe('precondition_failed');
    expect(await plain.writeText('absent', '5', { ifMatch: first.etag })).toBe('precondition_failed');
    expect((await plain.readText('pointer'))?.text).toBe('3');
  });

  test('an error that is no failed condition is thrown', async () => {
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'test' };
    const client = new S3Client({
      region: 'eu-central-1',
      endpoint: standIn.endpoint,
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    });
    await expect(s3ObjectStore(client, 'no-such-bucket').writeText('x', 'x')).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  test('a listing has every page, in key order, and deleting is done once and for all', async () => {
    const keys = Array.from({ length: 1005 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (const key of keys) await plain.writeText(key, key);
    expect((await plain.list('many/')).map(({ key }) => key)).toEqual(keys);
    await plain.delete('many/0000');
    await plain.delete('many/0000');
    expect((await plain.list('many/')).length).toBe(1004);
  });
});
