import type { Decision } from './decide.ts';
import { type Principal, principalName } from './principal.ts';
import type { Access } from './request-context.ts';

const REASONS = {
  'explicit-deny': 'with an explicit deny in the policy',
  'no-identity-policy': 'because no identity-based policy allows the',
  'no-session-policy': 'because no session policy allows the',
  'no-resource-policy': 'because no resource-based policy allows the',
} as const;

/**
 * A call that IAM refuses, in AWS's words; each service answers it in its own form.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export class AccessDenied extends Error {
  constructor(principal: Principal, { action, resource }: Access, decision: Exclude<Decision, { allowed: true }>) {
    const why =
      decision.why === 'explicit-deny'
        ? `${REASONS['explicit-deny']} ${decision.policy}`
        : `${REASONS[decision.why]} ${action} action`;
    super(`User: ${principalName(principal)} is not authorized to perform: ${action} on resource: ${resource} ${why}`);
    this.name = 'AccessDenied';
  }
}

/** A call signed with keys that nobody was given, or that have expired. */
export class UnknownCaller extends Error {
  constructor() {
    super('The security token included in the request is invalid.');
    this.name = 'UnknownCaller';
  }
}

/** An operation or a request for which no table says which rights it needs: refused by name, as it cannot be checked. */
export class UnlistedOperation extends Error {
  constructor(service: string, operation: string, why = 'no table says which rights it needs') {
    super(`${service} ${operation} is refused on this machine: ${why}`);
    this.name = 'UnlistedOperation';
  }
}
