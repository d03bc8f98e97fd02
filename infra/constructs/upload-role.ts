import { ArnPrincipal, CfnRole, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SESSION_TAGS } from '../../lib/names/session-tags.ts';
import type { StackParameters } from '../stack-parameters.ts';
import { acknowledgeWildcards } from './grant.ts';
import type { LandingBucket } from './landing-bucket.ts';

const TAG = `\${aws:PrincipalTag/${SESSION_TAGS.integration}}`;

/**
 * The role with which a partner's own job delivers bills: its session names one integration and writes that folder
 * only. There is none unless somebody is named who may assume it.
 */
export function uploadRole(
  scope: Construct,
  { uploaderPrincipalArn, uploaderNamed }: StackParameters,
  landing: LandingBucket,
): Role {
  const folder = landing.bucket.arnForObjects(`${TAG}/*`);
  const role = new Role(scope, 'UploadRole', {
    assumedBy: new ArnPrincipal(uploaderPrincipalArn.valueAsString)
      .withConditions({ Null: { [`aws:RequestTag/${SESSION_TAGS.integration}`]: 'false' } })
      .withSessionTags(),
    description: 'Delivers bills of the integration that its session tag names.',
    inlinePolicies: {
      Deliver: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
            resources: [folder],
            // A variable without a value would make the pattern "/*"; S3 has such keys.
            conditions: { Null: { [`aws:PrincipalTag/${SESSION_TAGS.integration}`]: 'false' } },
          }),
        ],
      }),
    },
  });
  const resource = role.node.defaultChild;
  if (resource instanceof CfnRole) resource.cfnOptions.condition = uploaderNamed;
  acknowledgeWildcards(role, [folder], 'The session tag names the one folder; the files in it are the uploader’s.');
  return role;
}
