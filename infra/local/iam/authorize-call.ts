import type { Gate } from './gate.ts';
import { ADMINISTRATOR, type Principal } from './principal.ts';
import type { Access } from './request-context.ts';
import type { Signature } from './signed-by.ts';

/**
 * What a stand-in asks at its front door, before it does anything: who calls, and whether that caller may.
 *
 * @throws UnknownCaller, AccessDenied, UnlistedOperation
 */
export type AuthorizeCall = (signature: Signature | undefined, operation: string, body: unknown) => Principal;

/** For a stand-in that runs alone: everybody is the administrator. */
export const anybody: AuthorizeCall = () => ADMINISTRATOR;

/** Which rights one operation of a service needs. @throws UnlistedOperation for one that has no line in its table */
export type AccessesOf = (operation: string, body: unknown) => readonly Access[];

/** Asks the gate for what an operation needs. The administrator may do what no table lists. */
export function authorizeBy(gate: Gate, accessesOf: AccessesOf): AuthorizeCall {
  return (signature, operation, body) => {
    const principal = gate.callerOf(signature);
    if (principal.kind !== 'administrator') gate.require(principal, accessesOf(operation, body));
    return principal;
  };
}
