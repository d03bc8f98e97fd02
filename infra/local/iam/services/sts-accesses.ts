import type { Access } from '../request-context.ts';

/** A session that somebody asks for. */
export interface SessionWish {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Session tags of the request itself, without those that a caller's session hands down. */
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
}

/**
 * AssumeRole, and TagSession where the session has tags.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
 */
export function assumeRoleAccesses({ roleArn, sessionName, tags, transitiveTagKeys }: SessionWish): readonly Access[] {
  const keys = Object.keys(tags);
  const context = {
    'sts:RoleSessionName': sessionName,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(keys.length === 0 ? {} : { 'aws:TagKeys': keys }),
    ...(transitiveTagKeys.length === 0 ? {} : { 'sts:TransitiveTagKeys': transitiveTagKeys }),
  };
  const actions = ['sts:AssumeRole', ...(keys.length === 0 ? [] : ['sts:TagSession'])];
  return actions.map((action) => ({ action, resource: roleArn, context }));
}
