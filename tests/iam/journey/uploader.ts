import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { SESSION_TAGS } from '../../../lib/names/session-tags.ts';
import type { Product } from '../../journeys/open-product.ts';
import { outputOf } from './administrator.ts';

/** The partner’s own job that delivers bills: the one principal that may assume UploadRole. */
export const UPLOADER_ARN = 'arn:aws:iam::111122223333:role/partners-export';

/** The job assumes UploadRole for one integration, delivers a file of it, and gives an upload in parts up. */
export async function uploadAsPartner(product: Product): Promise<void> {
  const { region, endpoints, rights } = product.machine;
  const own = rights.sessions.open({
    roleArn: UPLOADER_ARN,
    sessionName: 'nightly',
    tags: {},
    transitiveTagKeys: [],
    expiration: new Date(Date.now() + 3_600_000),
  });
  const sts = new STSClient({ region, endpoint: endpoints.STS, credentials: own });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: outputOf(product, OUTPUTS.uploadRoleArn),
      RoleSessionName: 'nightly',
      Tags: [{ Key: SESSION_TAGS.integration, Value: 'acme' }],
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const s3 = new S3Client({ region, endpoint: endpoints.S3, credentials, forcePathStyle: true });
  const Bucket = outputOf(product, OUTPUTS.landingBucketName);
  // Announces nothing: a manifest's data comes first.
  await s3.send(new PutObjectCommand({ Bucket, Key: 'acme/data.bin', Body: 'x' }));
  const Key = 'acme/large.bin';
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
}
