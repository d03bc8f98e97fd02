import { Aws } from 'aws-cdk-lib';
import { deliveredTable, TABLES } from '../../lib/names/tables.ts';
import type { BillMachine } from './bill-machine.ts';
import { LAKE_AREAS } from './lake-bucket.ts';
import type { Storage } from './storage.ts';

/** Athena's name for the account's own Glue catalog. */
const GLUE_CATALOG_ARN = `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:datacatalog/AwsDataCatalog`;

/** What the statements read and list: Athena lists a table's folder before it reads it. */
const READ = [LAKE_AREAS.deliveries, LAKE_AREAS.runs];
const WRITTEN = [LAKE_AREAS.splits, LAKE_AREAS.queryResults];

/**
 * What SplitBill's statements may touch: Athena acts with the state machine's rights. CreateDeliveredTable makes the
 * run's table, MeasureBill reads delivered files through it, SplitByShard reads owners too and writes the split.
 */
export function grantStatements(machine: BillMachine, { landing, lake, database, pipelineQueries }: Storage): void {
  const wildcardReason =
    'Keys and tables carry ids that are made at run time; the prefix is the narrowest bound there is.';
  const within = (areas: readonly string[]) => areas.map((area) => lake.bucket.arnForObjects(area));
  machine.allow({
    actions: ['athena:StartQueryExecution', 'athena:StopQueryExecution', 'athena:GetQueryExecution'],
    resources: [pipelineQueries.arn],
  });
  machine.allow({ actions: ['athena:GetDataCatalog'], resources: [GLUE_CATALOG_ARN] });
  const delivered = database.tableArn(deliveredTable('*'));
  machine.allow({ actions: ['glue:GetDatabase'], resources: database.everyQueryArns });
  machine.allow({
    actions: ['glue:GetTable'],
    resources: [...database.tableParentArns, delivered, database.tableArn(TABLES.owners)],
    wildcardReason,
  });
  machine.allow({ actions: ['glue:CreateTable'], resources: [...database.tableParentArns, delivered], wildcardReason });
  machine.allow({
    actions: ['s3:GetBucketLocation'],
    resources: [landing.bucket.bucketArn, lake.bucket.bucketArn],
  });
  machine.allow({ actions: ['s3:ListBucket'], resources: [landing.bucket.bucketArn] });
  machine.allow({
    actions: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
    resources: [lake.bucket.bucketArn],
    conditions: { StringLikeIfExists: { 's3:prefix': READ } },
  });
  machine.allow({
    actions: ['s3:GetObject'],
    resources: [landing.bucket.arnForObjects('*'), ...within(READ)],
    wildcardReason,
  });
  machine.allow({
    actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    resources: within(WRITTEN),
    wildcardReason,
  });
}
