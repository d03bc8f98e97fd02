import { S3Client } from '@aws-sdk/client-s3';
import { s3ObjectStore } from '../../lib/adapters/s3/s3-object-store.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { OWNER_CREDENTIALS } from '../local/machine/sdk-environment.ts';
import type { Machine } from '../local/machine.ts';
import { LOCAL } from './local-names.ts';

/** A client of the machine's S3 for the machine's owner. */
export function s3Of(machine: Machine): S3Client {
  return new S3Client({
    endpoint: machine.endpoints.S3,
    region: LOCAL.region,
    forcePathStyle: true,
    credentials: OWNER_CREDENTIALS,
  });
}

/** One of the machine's buckets by the name of its output. */
export function bucketOf(machine: Machine, output: 'landingBucketName' | 'lakeBucketName'): string {
  const name = machine.outputs[OUTPUTS[output]];
  if (typeof name !== 'string') throw new Error(`the template has no output ${OUTPUTS[output]}`);
  return name;
}

/** The lake, to fetch what was published. */
export function lakeOf(machine: Machine): ObjectStore {
  return s3ObjectStore(s3Of(machine), bucketOf(machine, 'lakeBucketName'));
}
