import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Who read which bill or result: S3's own access logs of the other two buckets, kept as long as bills are. */
export function accessLogBucket(scope: Construct): IBucket {
  const bucket = new Bucket(scope, 'AccessLogs', {
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [
      { id: 'Forget', expiration: Duration.days(427), noncurrentVersionExpiration: Duration.days(30) },
      { id: 'Parts', abortIncompleteMultipartUploadAfter: Duration.days(7) },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // The class says `isWebsite?: boolean | undefined`, its interface `isWebsite?: boolean`: CDK is not built with
  // exactOptionalPropertyTypes.
  return bucket as IBucket;
}
