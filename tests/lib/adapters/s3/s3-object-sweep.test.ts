import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessDenied } from '../../../../infra/local/iam/access-denied.ts';
import { type S3StandIn, startS3 } from '../../../../infra/local/s3/s3.ts';
import { s3ObjectStore } from '../../../../lib/adapters/s3/s3-object-store.ts';
import { s3ObjectSweep } from '../../../../lib/adapters/s3/s3-object-sweep.ts';
import { MemoryBucket } from '../../../simulator/memory-bucket.ts';
import { memorySweep } from '../../pipeline/sweep-lake/memory-sweep.ts';
import { objectSweepBehaviour } from '../../ports/object-sweep-behaviour.ts';

const CLIENT = { region: 'eu-central-1', credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' } };

describe('a sweep of S3', () => {
  const folder = mkdtempSync(join(tmpdir(), 's3-sweep-'));
  let standIn: S3StandIn;
  let client: S3Client;

  beforeAll(async () => {
    standIn = await startS3({
      folder,
      authorize: ({ action, key, bucket }) => {
        if (action === 's3:DeleteObject' && key.startsWith('forbidden/'))
          throw new AccessDenied(
            { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/sweeper', sessionName: 'test', tags: {} },
            { action, resource: `arn:aws:s3:::${bucket}/${key}`, context: {} },
            { allowed: false, why: 'no-identity-policy' },
          );
      },
    });
    standIn.ensureBucket('lake', { versioned: true });
    client = new S3Client({ ...CLIENT, endpoint: standIn.endpoint, forcePathStyle: true });
  });
  afterAll(async () => {
    client.destroy();
    await standIn.close();
    rmSync(folder, { recursive: true });
  });

  objectSweepBehaviour(() => ({ store: s3ObjectStore(client, 'lake'), sweep: s3ObjectSweep(client, 'lake') }));

  test('an object that may not be deleted is named, though S3 answers 200', async () => {
    await s3ObjectStore(client, 'lake').writeText('forbidden/one', '');
    await expect(s3ObjectSweep(client, 'lake').deleteAll(['forbidden/one'])).rejects.toThrow(
      'forbidden/one of 1 objects was not deleted: AccessDenied',
    );
  });
});

describe('a sweep of the simulator’s bucket', () => {
  const bucket = new MemoryBucket('lake', Date.now);
  objectSweepBehaviour(() => ({ store: bucket.store(), sweep: memorySweep(bucket, 100) }));
});
