import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { LAKE, publishedRoot } from '../../lib/names/lake-keys.ts';
import { SESSION_TAGS } from '../../lib/names/session-tags.ts';
import { TABLES } from '../../lib/names/tables.ts';
import type { ApportionFunction } from './apportion-function.ts';
import { grant } from './grant.ts';
import type { Storage } from './storage.ts';

const CUSTOMER = `\${aws:PrincipalTag/${SESSION_TAGS.customer}}`;

/** Without the tag a variable is no match; asked for all the same, where no variable bounds a resource. */
const TAGGED = { [`aws:PrincipalTag/${SESSION_TAGS.customer}`]: 'false' };

/**
 * The role under which the API reads one customer's ledger. Its session names the customer, and every resource it may
 * touch carries that name: a defect in a query cannot show another customer's rows.
 */
export function customerReaderRole(scope: Construct, assumer: ApportionFunction, storage: Storage): Role {
  const role = new Role(scope, 'CustomerReader', {
    // The account is trusted for one of its roles, so that this role's word and the caller's own right are both needed.
    assumedBy: new AccountRootPrincipal()
      .withConditions({
        ArnEquals: { 'aws:PrincipalArn': assumer.role.roleArn },
        Null: { [`aws:RequestTag/${SESSION_TAGS.customer}`]: 'false' },
      })
      .withSessionTags(),
    description: 'Reads the ledger of the customer that its session tag names.',
  });
  assumer.allow({ actions: ['sts:AssumeRole', 'sts:TagSession'], resources: [role.roleArn] });
  assumer.setEnvironment({ [ENV.customerReaderRoleArn]: role.roleArn });
  storage.customerQueries.tell(assumer);
  grantLedger(role, storage);
  grantQueries(role, storage);
  return role;
}

/** The customer's published lists, and the result files they name. */
function grantLedger(role: Role, { lake }: Storage): void {
  const own = [`${publishedRoot(TABLES.customerCharges)}customer=${CUSTOMER}/*`, `results/customer=${CUSTOMER}/*`];
  grant(role, {
    actions: ['s3:GetObject'],
    resources: own.map((prefix) => lake.bucket.arnForObjects(prefix)),
    conditions: { Null: TAGGED },
    wildcardReason: 'The session tag names the one customer; below it are the files of its periods.',
  });
  grant(role, {
    actions: ['s3:ListBucket'],
    resources: [lake.bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': own }, Null: TAGGED },
  });
  grant(role, { actions: ['s3:GetBucketLocation'], resources: [lake.bucket.bucketArn] });
}

/** Queries over the one table in the customers' work group; Athena writes and reads answers with the caller's rights. */
function grantQueries(role: Role, { lake, database, customerQueries }: Storage): void {
  grant(role, {
    actions: [
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
    ],
    resources: [customerQueries.arn],
    conditions: { Null: TAGGED },
  });
  grant(role, { actions: ['glue:GetDatabase'], resources: database.everyQueryArns, conditions: { Null: TAGGED } });
  grant(role, {
    actions: ['glue:GetTable'],
    resources: [...database.tableParentArns, database.tableArn(TABLES.customerCharges)],
    conditions: { Null: TAGGED },
  });
  grant(role, {
    actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    resources: [lake.bucket.arnForObjects(`${LAKE.customerAthenaResults}*`)],
    conditions: { Null: TAGGED },
    wildcardReason: 'Athena names answers by query; the id is random, and this role may not list them.',
  });
}
