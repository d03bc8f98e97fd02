import { Aws, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { ArnPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import type { StackParameters } from '../stack-parameters.ts';
import type { ApportionFunction } from './apportion-function.ts';

/** Bills stay as long as a year's statements may be disputed, and two months. */
const KEPT = Duration.days(427);

/** Where bills arrive: `<integrationId>/…` as the provider lays it out. Every object's version stays readable. */
export class LandingBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, parameters: StackParameters, accessLogs: IBucket) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'landing/',
      lifecycleRules: [
        { id: 'Forget', expiration: KEPT, noncurrentVersionExpiration: KEPT },
        { id: 'Parts', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const bucketResource = this.bucket.node.defaultChild;
    if (!(bucketResource instanceof CfnBucket)) throw new Error('the landing bucket has no CfnBucket');
    // The L2 flag eventBridgeEnabled would bring a Python custom resource.
    bucketResource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    this.#admitDataExports(parameters);
    this.#admitReplication(parameters);
  }

  /** Lets `reader` see which files are there now; who may not list takes a missing one for a forbidden one. */
  grantLook(reader: ApportionFunction): void {
    this.#grant(reader, ['s3:GetObject']);
    reader.allow({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }

  /** Lets `reader` read delivered files in the versions that were frozen. */
  grantRead(reader: ApportionFunction): void {
    this.#grant(reader, ['s3:GetObjectVersion']);
  }

  #grant(reader: ApportionFunction, actions: readonly string[]): void {
    reader.allow({
      actions,
      resources: [this.bucket.arnForObjects('*')],
      wildcardReason: 'A provider lays out its own folders; which of them hold bills only the integrations say.',
    });
    reader.setEnvironment({ [ENV.landingBucket]: this.bucket.bucketName });
  }

  /** As AWS asks for it (Data Exports guide, "Setting up an S3 bucket"); the account is the payer's, never any. */
  #admitDataExports({ payersNamed, payerAccountIds }: StackParameters): void {
    const payers = Fn.conditionIf(payersNamed.logicalId, payerAccountIds.valueAsList, [Aws.ACCOUNT_ID]);
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DataExportsDeliver',
        effect: Effect.ALLOW,
        principals: [
          new ServicePrincipal('bcm-data-exports.amazonaws.com'),
          new ServicePrincipal('billingreports.amazonaws.com'),
        ],
        actions: ['s3:PutObject', 's3:GetBucketPolicy'],
        resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
        conditions: {
          StringEquals: { 'aws:SourceAccount': payers },
          ArnLike: {
            'aws:SourceArn': [
              `arn:${Aws.PARTITION}:bcm-data-exports:*:*:export/*`,
              `arn:${Aws.PARTITION}:cur:*:*:definition/*`,
            ],
          },
        },
      }),
    );
  }

  /**
   * As S3 asks for it (S3 guide, "Granting permissions when the source and destination buckets are owned by different
   * accounts"). Where no role is named the statement admits this account, whose own policies decide as ever.
   */
  #admitReplication({ replicationRoleNamed, replicationRoleArn }: StackParameters): void {
    const own = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`;
    const role = Fn.conditionIf(replicationRoleNamed.logicalId, replicationRoleArn.valueAsString, own);
    const principals = [new ArnPrincipal(role.toString())];
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ReplicaArrives',
        principals,
        actions: ['s3:ReplicateObject', 's3:ReplicateTags'],
        resources: [this.bucket.arnForObjects('*')],
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ReplicationLooks',
        principals,
        actions: ['s3:GetBucketVersioning', 's3:ListBucket'],
        resources: [this.bucket.bucketArn],
      }),
    );
  }
}
