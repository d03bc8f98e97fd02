import { DeleteObjectsCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectSweep } from '../../ports/object-sweep.ts';
import { infoOf } from './object-info.ts';

/** One bucket of S3 for its sweeper: pages of up to 1,000, which is also what one DeleteObjects takes. */
export function s3ObjectSweep(client: S3Client, bucket: string): ObjectSweep {
  return {
    async *pages(prefix) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
        yield (page.Contents ?? []).map(({ Key = '', ...rest }) => infoOf(Key, { ...rest, ContentLength: rest.Size }));
    },
    async deleteAll(keys) {
      if (keys.length === 0) return;
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }),
      );
      const [first] = Errors;
      if (first) throw new Error(`${first.Key} of ${Errors.length} objects was not deleted: ${first.Code}`);
    },
  };
}
