import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccessDenied } from '../../../../infra/local/iam/access-denied.ts';
import { ADMINISTRATOR } from '../../../../infra/local/iam/principal.ts';
import { s3Access } from '../../../../infra/local/iam/services/s3-accesses.ts';
import type { ObjectCreatedEvent } from '../../../../infra/local/s3/object-created-event.ts';
import { type S3Options, type S3StandIn, startS3 } from '../../../../infra/local/s3/s3.ts';
import { forcePathStyle } from './s3.testbed.ts';
import { CLIENT, endpointElsewhere, INSIDE_ONLY, isLeftOut } from './suite-target.ts';

const Bucket = 'landing';

// Skipped elsewhere, because it looks inside our own process.
describe.skipIf(isLeftOut('s3') || endpointElsewhere('s3') !== undefined)(`S3 stand-in (${INSIDE_ONLY})`, () => {
  let folder: string;
  let standIn: S3StandIn;
  let client: S3Client;
  let events: ObjectCreatedEvent[];

  async function start(options: Partial<S3Options> = {}): Promise<void> {
    standIn = await startS3({ folder, onObjectCreated: (event) => void events.push(event), ...options });
    client = new S3Client({ ...forcePathStyle, endpoint: standIn.endpoint });
    standIn.ensureBucket(Bucket, { eventBridge: true });
  }
  async function stop(): Promise<void> {
    client.destroy();
    await standIn.close();
  }
  const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const text = async (Key: string) =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

  beforeEach(async () => {
    events = [];
    folder = await mkdtemp(join(tmpdir(), 's3-'));
    await start();
  });
  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
  test('an upload raises the event AWS sends', async () => {
    standIn.ensureBucket(Bucket, { versioned: true });
    const { VersionId, ETag } = await put('a b/ü.csv', 'hello');
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Object Created',
        source: 'aws.s3',
        account: '111122223333',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: CLIENT.region,
        resources: ['arn:aws:s3:::landing'],
        detail: {
          version: '0',
          bucket: { name: Bucket },
          object: {
            key: 'a b/ü.csv',
            size: 5,
            etag: ETag?.replaceAll('"', ''),
            'version-id': VersionId,
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
          'request-id': expect.any(String),
          requester: '111122223333',
          'source-ip-address': '127.0.0.1',
          reason: 'PutObject',
        },
      },
    ]);
  });

  test('the event says by which request the object came', async () => {
    await put('a', 'x');
    await client.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'c' }));
    const at = { Bucket, Key: 'c', UploadId };
    const { ETag } = await client.send(new UploadPartCommand({ ...at, PartNumber: 1, Body: 'x' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload }));
    expect(events.map(({ detail }) => detail.reason)).toEqual(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);
    expect(events.map(({ detail }) => 'version-id' in detail.object)).toEqual([false, false, false]);
  });

  test('sequencers grow, also when the clock is set back over a restart', async () => {
    for (const body of ['1', '2', '3']) await put('k', body);
    await stop();
    await start({ now: () => new Date('2020-01-01T00:00:00Z') });
    await put('k', '4');
    const sequencers = events.map(({ detail }) => detail.object.sequencer);
    expect(sequencers).toEqual([...new Set(sequencers)].sort());
  });

  test('a bucket whose EventBridge is off raises nothing', async () => {
    const off = new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} });
    await client.send(off);
    await put('a', 'x');
    expect(events).toEqual([]);
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    await put('a', 'x');
    expect(events).toHaveLength(1);
  });

  test('an upload whose event nobody takes is answered with an error, so that it is not lost in silence', async () => {
    await stop();
    await start({ onObjectCreated: () => Promise.reject(new Error('the bus is full')) });
    await expect(put('a', 'x')).rejects.toMatchObject({ name: 'InternalError' });
  });

  test('objects, versions, metadata and unfinished uploads are there after a restart', async () => {
    standIn.ensureBucket(Bucket, { versioned: true });
    const Metadata = { a: '1' };
    const old = await put('k', 'old');
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'new', Metadata, ContentType: 'text/csv' }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'mp' }));
    const at = { Bucket, Key: 'mp', UploadId };
    const { ETag } = await client.send(new UploadPartCommand({ ...at, PartNumber: 1, Body: 'part' }));
    await stop();
    await start();
    const current = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect([await current.Body?.transformToString(), current.Metadata, current.ContentType]).toEqual([
      'new',
      Metadata,
      'text/csv',
    ]);
    const before = await client.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: old.VersionId }));
    expect(await before.Body?.transformToString()).toBe('old');
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload }));
    expect(await text('mp')).toBe('part');
  });

  test('a body whose version was never written down is gone after a restart', async () => {
    await put('k', 'whole');
    const path = standIn.objects.find(Bucket, 'k')?.path ?? '';
    await writeFile(join(path, '..', '000000000000000001.csv'), 'half');
    await stop();
    await start();
    expect(await readdir(join(path, '..'))).toHaveLength(2);
    expect(await text('k')).toBe('whole');
  });

  test('no key leads out of the folder, and no path holds what SQL or a glob could trip over', async () => {
    const keys = ['a/b/../../up', '.', '/etc/passwd', "x/customer=a/'*?[.parquet", 'k'.repeat(1024)];
    for (const key of keys) await put(key, key);
    for (const { path, key } of standIn.objects.list(Bucket, '')) {
      expect(relative(folder, path)).toMatch(/^landing\/objects\/[0-9a-f]{2}\/[0-9a-f]{62}\/[0-9a-f]{18}(\.\w+)*$/);
      expect(await readFile(path, 'utf8')).toBe(key);
    }
    expect(standIn.objects.list(Bucket, '')).toHaveLength(keys.length);
    expect((await readdir(folder)).sort()).toEqual(['.receiving', '.uploads', 'landing']);
  });

  test('an overwritten body’s file is removed, and a reader who has begun gets what it began with', async () => {
    const big = randomBytes(2 * 1024 * 1024).toString('hex');
    await put('k.csv.gz', big);
    const { path = '' } = standIn.objects.find(Bucket, 'k.csv.gz') ?? {};
    expect(path).toMatch(/\.csv\.gz$/);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'k.csv.gz' }));
    await put('k.csv.gz', 'short');
    expect(await Body?.transformToString()).toBe(big);
    expect(await readdir(join(path, '..'))).toHaveLength(2);
  });

  test('an upload that breaks off leaves neither an object nor a file', async () => {
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=k/x',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    };
    const answer = await fetch(`${standIn.endpoint}/${Bucket}/k`, {
      method: 'PUT',
      headers,
      body: 'ff\r\nnot that long',
    });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('IncompleteBody')]);
    expect(standIn.objects.find(Bucket, 'k')).toBeUndefined();
    expect(await readdir(join(folder, '.receiving'))).toEqual([]);
  });

  test('a file adopted in the process is an object for everybody, with its event', async () => {
    const path = join(folder, 'unload.parquet');
    await writeFile(path, 'hello');
    const stored = await standIn.objects.adopt(Bucket, 'results/a.parquet', path);
    expect(stored).toMatchObject({ bucket: Bucket, key: 'results/a.parquet', sizeBytes: 5 });
    expect(standIn.objects.find(Bucket, 'results/a.parquet')).toEqual(stored);
    expect(await text('results/a.parquet')).toBe('hello');
    expect(events.map(({ detail }) => detail.object.etag)).toEqual([stored.etag]);
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('who may do what is asked with the access key, the action, the key and the prefix', async () => {
    await put('mine/a', 'x');
    await stop();
    await start({
      authorize: (wish) => {
        if (`${wish.key}${wish.prefix ?? ''}`.startsWith('mine/')) return;
        throw new AccessDenied(ADMINISTRATOR, s3Access(wish), { allowed: false, why: 'no-identity-policy' });
      },
    });
    expect(await text('mine/a')).toBe('x');
    await expect(text('yours/a')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' });
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'mine/' }))).KeyCount).toBe(1);
    const copy = new CopyObjectCommand({ Bucket, Key: 'mine/b', CopySource: `${Bucket}/yours/a` });
    await expect(client.send(copy)).rejects.toMatchObject({ name: 'AccessDenied' });
    const Delete = { Objects: [{ Key: 'mine/a' }, { Key: 'yours/a' }] };
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect([Deleted?.map(({ Key }) => Key), Errors?.map(({ Code }) => Code)]).toEqual([['mine/a'], ['AccessDenied']]);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  test('a presigned link opens under the name it gives, until its time is over', async () => {
    await put('statement.csv', 'x');
    const at = (date: string) =>
      fetch(
        `${standIn.endpoint}/${Bucket}/statement.csv?${new URLSearchParams({
          'X-Amz-Credential': 'key/20261122/eu-central-1/s3/aws4_request',
          'X-Amz-Date': date,
          'X-Amz-Expires': '300',
          'response-content-disposition': 'attachment; filename="November.csv"',
        })}`,
      );
    const fresh = await at(new Date().toISOString().replace(/[-:]|\.\d+/g, ''));
    expect([fresh.status, await fresh.text()]).toEqual([200, 'x']);
    expect(fresh.headers.get('content-disposition')).toBe('attachment; filename="November.csv"');
    expect((await at('20200101T000000Z')).status).toBe(403);
  });

  test('an operation it does not have is refused, not mistaken for another', async () => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=k/x' };
    const answer = await fetch(`${standIn.endpoint}/${Bucket}?policy`, { method: 'PUT', headers, body: '{}' });
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('NotImplemented')]);
  });
});
