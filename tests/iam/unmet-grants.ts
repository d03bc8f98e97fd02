import type { Grant } from './grants.ts';

/** Why no test can see that a grant is needed. */
type Reason =
  /** No stand-in plays the service: the grant is AWS's own minimum for it. */
  | 'not played on one machine'
  /** AWS's own deliveries of logs, exports and replicas come from outside of the machine. */
  | 'delivered by AWS from outside'
  /** CDK's constructs allow these besides: to a queue with SendMessage, to a route that `$default`'s permission covers. */
  | 'CDK’s own statement'
  /** Athena's documented needs for large results, which its stand-in writes in one piece. */
  | 'Athena writes in parts'
  /** Taken back is only what a failed part left behind. */
  | 'an upload broke off'
  /** Only a statement that outlives its time is stopped. */
  | 'a statement outlived its time'
  /** Step Functions' own policy for `athena:startQueryExecution.sync` names it. */
  | 'Step Functions’ documented policy'
  /** A worker refuses its shard only where a file went, or a lease was lost, while it worked. */
  | 'a shard is refused in mid-work'
  /** A file is gone between two steps: seen by ListBucket as missing, not as forbidden. */
  | 'a file went between two steps';

/** A set of grants with the one reason why none of them is met. */
interface Unmet {
  readonly reason: Reason;
  readonly source: string;
  readonly is: (grant: Grant) => boolean;
}

const ATHENA_ROLES = /^(PipelineSplitSplitBillRole|ApiCustomerReader|ApiPartnerReader)/;

/** The closed list. A grant that is met must not stand here, and a line that no grant needs must go. */
export const UNMET: readonly Unmet[] = [
  {
    reason: 'not played on one machine',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
    is: ({ action }) => action.startsWith('xray:'),
  },
  {
    reason: 'not played on one machine',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
    is: ({ action }) => action.startsWith('logs:'),
  },
  {
    reason: 'delivered by AWS from outside',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html',
    is: ({ holder }) => holder.startsWith('StorageAccessLogsPolicy'),
  },
  {
    reason: 'delivered by AWS from outside',
    source: 'https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html',
    is: ({ holder, action }) =>
      holder.startsWith('StorageLandingBucketPolicy') && /^s3:(PutObject|GetBucketPolicy)$/.test(action),
  },
  {
    reason: 'delivered by AWS from outside',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html',
    is: ({ holder, action }) =>
      holder.startsWith('StorageLandingBucketPolicy') &&
      /^s3:(Replicate(Object|Tags)|GetBucketVersioning|ListBucket)$/.test(action),
  },
  {
    reason: 'CDK’s own statement',
    source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_events_targets.SqsQueue.html',
    is: ({ holder, action }) =>
      holder.startsWith('PipelineIntakeQueuePolicy') && /^sqs:GetQueue(Attributes|Url)$/.test(action),
  },
  {
    reason: 'CDK’s own statement',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html',
    is: ({ holder }) => /^Api(OpenApi|Docs)ApiIntegrationPermission/.test(holder),
  },
  {
    reason: 'Athena writes in parts',
    source: 'https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html',
    is: ({ holder, action }) =>
      ATHENA_ROLES.test(holder) && /^s3:(ListBucketMultipart|ListMultipart|Abort)/.test(action),
  },
  {
    reason: 'an upload broke off',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions',
    is: ({ holder, action }) =>
      /^Pipeline/.test(holder) && !ATHENA_ROLES.test(holder) && action === 's3:AbortMultipartUpload',
  },
  {
    reason: 'a statement outlived its time',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html',
    is: ({ action }) => action === 'athena:StopQueryExecution',
  },
  {
    reason: 'Step Functions’ documented policy',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html',
    is: ({ action }) => action === 'athena:GetDataCatalog',
  },
  {
    reason: 'a shard is refused in mid-work',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html',
    is: ({ holder, action }) => holder.startsWith('PipelineSplitPriceShardRole') && action === 'states:SendTaskFailure',
  },
  {
    reason: 'a file went between two steps',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html',
    is: ({ holder, action }) => /^PipelineSplit(PlanShards|Reconcile)Role/.test(holder) && action === 's3:ListBucket',
  },
];
