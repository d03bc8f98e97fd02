import type { Caller, Contract } from '../contracts/contract.ts';
import { Problem } from '../domain/problem.ts';
import { answerProblem } from './answer-problem.ts';
import { type AuditWorld, audited } from './audit-request.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import type { Identified } from './identify-caller.ts';
import { parseRequest } from './parse-request.ts';

/** What answers requests of one operation, its types erased: the contract has checked both sides. */
export type ErasedUseCase = (
  request: never,
) => Promise<{ readonly body: unknown; readonly version?: number; readonly status?: 202 }>;

/** Proves who calls. */
export type Identify = (claims: HttpRequest['claims']) => Promise<Identified>;

/**
 * Makes of a contract and its use case what answers HTTP requests: identity, role, shapes, precondition, logic, answer.
 * A change is written down before it is made and after. An answer holds what the contract names and nothing else. Only a Problem reaches the caller; anything else is thrown
 * on, to be logged and answered as our own fault.
 */
export const answerRequest =
  (contract: Contract, useCase: ErasedUseCase, identify: Identify, audit?: AuditWorld) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    try {
      const caller = withRole(contract, await identify(request.claims));
      const parsed = parseRequest(contract, request);
      const {
        body,
        version,
        status = contract.status,
      } = await audited(audit, { contract, caller, asked: parsed }, () => useCase({ caller, ...parsed } as never));
      return {
        status,
        headers: {
          'cache-control': 'no-store',
          ...(contract.answer ? { 'content-type': 'application/json' } : {}),
          ...(version === undefined ? {} : { etag: `"${version}"` }),
        },
        body: contract.answer ? JSON.stringify(contract.answer.parse(body)) : '',
      };
    } catch (error) {
      if (error instanceof Problem) return answerProblem(error);
      throw error;
    }
  };

/** The caller, where its role may call the operation; what only the partner may do says so to everybody else. */
function withRole({ roles }: Contract, caller: Identified): Caller {
  if (caller.role !== 'none' && roles.includes(caller.role)) return caller;
  if (roles.includes('customer')) throw new Problem('no_role', {});
  throw new Problem('partner_admin_required', {});
}
