import { PolicyError } from './policy-error.ts';

/**
 * Condition keys that requests on this machine carry, or that are known to be absent from them. A policy with any other
 * key is refused: its absence here would decide something that AWS decides otherwise.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const KEYS: ReadonlySet<string> = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalIsAWSService',
    'aws:PrincipalServiceName',
    'aws:PrincipalType',
    'aws:SecureTransport',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:TagKeys',
    'dynamodb:Attributes',
    'dynamodb:LeadingKeys',
    'dynamodb:ReturnValues',
    'dynamodb:Select',
    'events:detail-type',
    'events:source',
    's3:TlsVersion',
    's3:delimiter',
    's3:max-keys',
    's3:prefix',
    'sts:RoleSessionName',
    'sts:TransitiveTagKeys',
  ].map((key) => key.toLowerCase()),
);
const TAG_KEY = /^aws:(principaltag|requesttag)\/.+$/;

/** @throws PolicyError for a key that no request here is known to carry or to lack. */
export function requireConditionKey(key: string): void {
  const name = key.toLowerCase();
  if (!KEYS.has(name) && !TAG_KEY.test(name)) throw new PolicyError(`the condition key ${key} is not played here`);
}
