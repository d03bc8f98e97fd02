import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { TABLES } from '../../lib/names/tables.ts';
import type { ApportionFunction } from './apportion-function.ts';
import { grant } from './grant.ts';
import { LAKE_AREAS } from './lake-bucket.ts';
import type { Storage } from './storage.ts';

/** What is published, of every owner: the customers' ledger, what was delivered, and the waterfall between them. */
const READ = ['published', 'publishedForPartner', 'charges', 'ledgers', 'waterfalls'] as const;

/**
 * The role under which the API reads published rows for the partner. It is one of its own, so that a request of a
 * customer's, which never assumes it, has no way to another customer's rows or to what was delivered.
 */
export function partnerReaderRole(scope: Construct, assumer: ApportionFunction, storage: Storage): Role {
  const role = new Role(scope, 'PartnerReader', {
    // The account is trusted for one of its roles, so that this role's word and the caller's own right are both needed.
    assumedBy: new AccountRootPrincipal().withConditions({
      ArnEquals: { 'aws:PrincipalArn': assumer.role.roleArn },
    }),
    description: 'Reads what is published, for the partner.',
  });
  assumer.allow({ actions: ['sts:AssumeRole'], resources: [role.roleArn] });
  assumer.setEnvironment({ [ENV.partnerReaderRoleArn]: role.roleArn });
  storage.pipelineQueries.tell(assumer, ENV.partnerWorkGroupName);
  grantRows(role, storage);
  grantQueries(role, storage);
  return role;
}

function grantRows(role: Role, { lake }: Storage): void {
  grant(role, {
    actions: ['s3:GetObject'],
    resources: READ.map((area) => lake.bucket.arnForObjects(LAKE_AREAS[area])),
    wildcardReason: 'Keys carry ids that are made at run time; the prefix is the narrowest bound there is.',
  });
  grant(role, {
    actions: ['s3:ListBucket'],
    resources: [lake.bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': READ.map((area) => LAKE_AREAS[area]) } },
  });
  grant(role, { actions: ['s3:GetBucketLocation'], resources: [lake.bucket.bucketArn] });
}

/** Queries in the pipeline's work group; Athena writes and reads answers with the caller's rights. */
function grantQueries(role: Role, { lake, database, pipelineQueries }: Storage): void {
  grant(role, {
    actions: [
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
    ],
    resources: [pipelineQueries.arn],
  });
  grant(role, { actions: ['glue:GetDatabase'], resources: database.everyQueryArns });
  grant(role, {
    actions: ['glue:GetTable'],
    resources: [
      ...database.tableParentArns,
      ...[TABLES.costs, TABLES.waterfall, TABLES.customerCharges].map((name) => database.tableArn(name)),
    ],
  });
  grant(role, {
    actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    resources: [lake.bucket.arnForObjects(`${LAKE.athenaResults}*`)],
    wildcardReason: 'Athena names answers by query; the id is random.',
  });
}
