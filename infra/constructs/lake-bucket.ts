import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import type { ApportionFunction } from './apportion-function.ts';

/** Parts of the lake that a function is let into; the layout is `lib/names/lake-keys.ts`. */
export const LAKE_AREAS = {
  deliveries: 'deliveries/*',
  registrations: LAKE.delivery('*'),
  runs: 'runs/*',
  summaries: LAKE.summary('*'),
  publications: LAKE.publication('*'),
  plans: LAKE.plan('*'),
  storedSplits: LAKE.storedSplit('*'),
  splits: `${LAKE.splitLocation('*', '*')}*`,
  charges: 'results/*',
  ledgers: 'partner/costs/*',
  waterfalls: 'partner/waterfall/*',
  published: 'published/*',
  publishedForPartner: 'partner/published/*',
  additions: 'additions/*',
  additionsSummaries: LAKE.additionsSummary('*', '*'),
  previews: `${LAKE.previews}*`,
  frozenConfigs: LAKE.frozenConfig('*', '*'),
  queryResults: `${LAKE.athenaResults}*`,
} as const;

/** One part of the lake. */
export type LakeArea = keyof typeof LAKE_AREAS;

/** Replaced versions of lists, and what the sweeper deletes, stay a month, so that a wrong write can be undone. */
const REPLACED_KEPT = Duration.days(30);
const QUERY_RESULTS_KEPT = Duration.days(7);
const PREVIEWS_KEPT = Duration.days(7);

/** Everything we write. No rule deletes results or splits: what a pointer names must stay, and only `sweep-lake` knows that. */
export class LakeBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, accessLogs: IBucket) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        { id: 'Replaced', noncurrentVersionExpiration: REPLACED_KEPT, expiredObjectDeleteMarker: true },
        { id: 'Parts', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        { id: 'QueryResults', prefix: LAKE.athenaResults, expiration: QUERY_RESULTS_KEPT },
        { id: 'Previews', prefix: LAKE.previews, expiration: PREVIEWS_KEPT },
        { id: 'CustomerQueryResults', prefix: LAKE.customerAthenaResults, expiration: QUERY_RESULTS_KEPT },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Lets `reader` read objects of these areas that are there. */
  grantRead(reader: ApportionFunction, areas: readonly LakeArea[]): void {
    this.#grant(reader, ['s3:GetObject'], areas);
  }

  /**
   * Lets `reader` list these areas, and see that an object is missing. A read of a missing key is 404 only for who may
   * list, and such a read carries no prefix: hence `IfExists` (S3 API, GetObject, "Permissions").
   */
  grantList(reader: ApportionFunction, areas: readonly LakeArea[]): void {
    reader.allow({
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLikeIfExists: { 's3:prefix': areas.map((area) => LAKE_AREAS[area]) } },
    });
  }

  /** Lets `writer` write objects of these areas, each in one piece. */
  grantWrite(writer: ApportionFunction, areas: readonly LakeArea[]): void {
    this.#grant(writer, ['s3:PutObject'], areas);
  }

  /** Lets `writer` write files of these areas, large ones in parts; parts of one that failed are taken back. */
  grantUpload(writer: ApportionFunction, areas: readonly LakeArea[]): void {
    this.#grant(writer, ['s3:PutObject', 's3:AbortMultipartUpload'], areas);
  }

  /** Lets `writer` delete objects of these areas; their versions stay. */
  grantDelete(writer: ApportionFunction, areas: readonly LakeArea[]): void {
    this.#grant(writer, ['s3:DeleteObject'], areas);
  }

  #grant(fn: ApportionFunction, actions: readonly string[], areas: readonly LakeArea[]): void {
    fn.allow({
      actions,
      resources: areas.map((area) => this.bucket.arnForObjects(LAKE_AREAS[area])),
      wildcardReason:
        'Keys of these areas carry ids that are made at run time; the prefix is the narrowest bound there is.',
    });
    fn.setEnvironment({ [ENV.lakeBucket]: this.bucket.bucketName });
  }
}
