import type { Principal } from './principal.ts';

/** Condition keys of one request with their values; a key is found whatever its case. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One thing that a caller wants to do. An API call may be several. */
export interface Access {
  /** `s3:GetObject` */
  readonly action: string;
  /** An ARN, or `*` for an action that knows no resource. */
  readonly resource: string;
  /** What the service says of the request: `s3:prefix`, `dynamodb:LeadingKeys`, … */
  readonly context?: Context;
}

/**
 * The keys that every request has. The stand-ins speak plain HTTP on 127.0.0.1 where AWS's endpoints speak TLS; a
 * policy that asks for TLS is answered as the real endpoint would be.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function globalContext(principal: Principal): Context {
  const transport = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
  if (principal.kind === 'role') {
    const accountId = accountOf(principal.roleArn);
    const tags = Object.entries(principal.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
    return {
      ...transport,
      'aws:PrincipalArn': principal.roleArn,
      'aws:PrincipalAccount': accountId,
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalIsAWSService': 'false',
      ...Object.fromEntries(tags),
    };
  }
  if (principal.kind === 'administrator') return transport;
  const { service, sourceArn } = principal;
  const account = sourceArn === undefined ? '' : accountOf(sourceArn);
  return {
    ...transport,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': service,
    ...(sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn }),
    ...(account === '' ? {} : { 'aws:SourceAccount': account }),
  };
}

/** `''` for an ARN without an account, such as a bucket's. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
