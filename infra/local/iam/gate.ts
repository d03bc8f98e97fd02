import { AccessDenied, UnknownCaller } from './access-denied.ts';
import type { Decision } from './decide.ts';
import type { Principal } from './principal.ts';
import type { Access } from './request-context.ts';
import type { Signature } from './signed-by.ts';
import type { StackPolicies } from './stack-policies.ts';

/** One question that was asked, and what the policies said. */
export interface AccessRecord {
  readonly principal: Principal;
  readonly access: Access;
  readonly decision: Decision;
}

/** What stands before every stand-in of a machine. */
export interface Gate {
  /** @throws UnknownCaller for keys that nobody was given, and for none at all. */
  callerOf(signature: Signature | undefined): Principal;
  /** @throws AccessDenied for the first of these that is not allowed. */
  require(principal: Principal, accesses: readonly Access[]): void;
  allows(principal: Principal, access: Access): boolean;
}

/** What a gate is made of. */
export interface GateOptions {
  /** Read at every question, so that rights may change while the machine runs, as they may in AWS. */
  readonly policies: () => StackPolicies;
  readonly findPrincipal: (signature: Signature) => Principal | undefined;
  readonly onAccess?: ((record: AccessRecord) => void) | undefined;
}

/** Answers by the policies of a stack. */
export function openGate({ policies, findPrincipal, onAccess }: GateOptions): Gate {
  const ask = (principal: Principal, access: Access): Decision => {
    const decision = policies().decide(principal, access);
    if (principal.kind !== 'administrator') onAccess?.({ principal, access, decision });
    return decision;
  };
  return {
    callerOf: (signature) => {
      const principal = signature && findPrincipal(signature);
      if (principal === undefined) throw new UnknownCaller();
      return principal;
    },
    require: (principal, accesses) => {
      for (const access of accesses) {
        const decision = ask(principal, access);
        if (!decision.allowed) throw new AccessDenied(principal, access, decision);
      }
    },
    allows: (principal, access) => ask(principal, access).allowed,
  };
}
