import { Keys } from './conditions.ts';
import { matchesPattern } from './pattern.ts';
import type { PolicyDocument, PrincipalElement, Selection, Statement } from './policy-document.ts';
import { assumedRoleArn, type Principal } from './principal.ts';
import { type Access, accountOf, globalContext } from './request-context.ts';

/** Every policy that has a say in one request. */
export interface PoliciesAtPlay {
  /** Those of the caller's role. */
  readonly identity: readonly PolicyDocument[];
  /** What an AssumeRole narrowed its session to; absent when it did not. */
  readonly session?: PolicyDocument | undefined;
  /** Those of the bucket, queue, function or role that is asked for. */
  readonly resource: readonly PolicyDocument[];
  /** A role's trust policy must let the caller in, whatever the caller's own policies say. */
  readonly resourceMustAllow: boolean;
}

/** What IAM says: yes, or why not. */
export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly why: 'explicit-deny' | 'no-identity-policy' | 'no-session-policy' | 'no-resource-policy';
      /** The policy whose statement denies. */
      readonly policy?: string;
    };

/**
 * IAM's decision within one account: nothing is allowed unless a policy allows it, and a Deny wins over every Allow.
 *
 * A resource's policy allows by itself whom it names: a role, a session, a service. Where it names the account, the
 * caller's own policies decide. A session policy bounds both, but not what a resource's policy gives to that very session.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 */
export function decide(principal: Principal, access: Access, policies: PoliciesAtPlay): Decision {
  if (principal.kind === 'administrator') return { allowed: true };
  const { identity, session, resource, resourceMustAllow } = policies;
  const keys = new Keys({ ...globalContext(principal), ...access.context });
  const action = access.action.toLowerCase();
  const applies = (statement: Statement) =>
    selects(statement.actions, action, keys) &&
    (statement.resources === undefined || selects(statement.resources, access.resource, keys)) &&
    statement.conditions.every((condition) => condition(keys));

  for (const { name, statements } of [...identity, ...(session ? [session] : [])])
    if (statements.some((one) => one.effect === 'Deny' && applies(one)))
      return { allowed: false, why: 'explicit-deny', policy: name };
  let named: Naming = 'nobody';
  for (const { name, statements } of resource)
    for (const statement of statements) {
      const naming = namingOf(statement.principal, principal);
      if (naming === 'nobody' || !applies(statement)) continue;
      if (statement.effect === 'Deny') return { allowed: false, why: 'explicit-deny', policy: name };
      if (NAMINGS.indexOf(naming) > NAMINGS.indexOf(named)) named = naming;
    }
  if (named === 'session' || (named === 'caller' && principal.kind === 'service')) return { allowed: true };
  if (principal.kind === 'service' || (resourceMustAllow && named === 'nobody'))
    return { allowed: false, why: 'no-resource-policy' };
  const allows = ({ statements }: PolicyDocument) => statements.some((one) => one.effect === 'Allow' && applies(one));
  if (named !== 'caller' && !identity.some(allows)) return { allowed: false, why: 'no-identity-policy' };
  return session === undefined || allows(session) ? { allowed: true } : { allowed: false, why: 'no-session-policy' };
}

function selects({ patterns, negated }: Selection, text: string, keys: Keys): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, text, keys.one)) !== negated;
}

/** How near a Principal element comes to a caller, the nearest last. */
const NAMINGS = ['nobody', 'account', 'caller', 'session'] as const;
type Naming = (typeof NAMINGS)[number];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function namingOf(element: PrincipalElement | undefined, principal: Principal): Naming {
  if (element === undefined) return 'nobody';
  const { aws, services } = element;
  if (aws.includes('*')) return 'caller';
  if (principal.kind === 'service') return services.includes(principal.service) ? 'caller' : 'nobody';
  if (principal.kind === 'administrator') return 'nobody';
  const { roleArn } = principal;
  const accountId = accountOf(roleArn);
  if (aws.includes(assumedRoleArn(principal))) return 'session';
  if (aws.includes(roleArn)) return 'caller';
  return aws.includes(accountId) || aws.includes(`arn:aws:iam::${accountId}:root`) ? 'account' : 'nobody';
}
