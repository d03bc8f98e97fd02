import { createReadStream } from 'node:fs';
import { Upload } from '@aws-sdk/lib-storage';
import type { Machine } from '../local/machine.ts';
import type { BillFile } from './bill-files.ts';
import { bucketOf, s3Of } from './lake-of.ts';

/**
 * Puts files into the landing bucket as a provider's export does: data first, what announces them last. `{landing}` in a
 * text stands for the bucket. Returns when it began: the deliveries it makes are received after that.
 */
export async function deliver(machine: Machine, files: readonly BillFile[]): Promise<Date> {
  const began = new Date();
  const Bucket = bucketOf(machine, 'landingBucketName');
  const client = s3Of(machine);
  try {
    for (const { key: Key, path, text = '' } of files) {
      const Body = path === undefined ? text.replaceAll('{landing}', Bucket) : createReadStream(path);
      await new Upload({ client, params: { Bucket, Key, Body } }).done();
    }
  } finally {
    client.destroy();
  }
  return began;
}
