import { createReadStream } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { BillFile } from './bill-files.ts';

/**
 * Puts files into the landing bucket as a provider's export does: data first, what announces them last. `{landing}` in a text
 * stands for the bucket.
 */
export async function deliver(
  { s3Endpoint, region, bucket }: { s3Endpoint: string; region: string; bucket: string },
  files: readonly BillFile[],
): Promise<void> {
  const client = new S3Client({
    endpoint: s3Endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'uploader', secretAccessKey: 'local' },
  });
  try {
    for (const { key, path, text } of files) {
      const body = path === undefined ? (text ?? '').replaceAll('{landing}', bucket) : createReadStream(path);
      await new Upload({ client, params: { Bucket: bucket, Key: key, Body: body } }).done();
    }
  } finally {
    client.destroy();
  }
}

