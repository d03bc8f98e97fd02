import type { Caller, Contract } from '../contracts/contract.ts';
import { Problem } from '../domain/problem.ts';
import { answerProblem } from './answer-problem.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { parseRequest } from './parse-request.ts';

/** What answers requests of one operation, its types erased: the contract has checked both sides. */
export type ErasedUseCase = (request: never) => Promise<{ readonly body: unknown; readonly version?: number }>;

/** Proves who calls. */
export type Identify = (claims: HttpRequest['claims']) => Promise<Caller>;

/**
 * Makes of a contract and its use case what answers HTTP requests: identity, role, shapes, precondition, logic, answer.
 * Only a Problem reaches the caller; anything else is thrown on, to be logged and answered as our own fault.
 */
export const answerRequest =
  (contract: Contract, useCase: ErasedUseCase, identify: Identify) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    try {
      const caller = await identify(request.claims);
      requireRole(contract, caller);
      const parsed = parseRequest(contract, request);
      const { body, version } = await useCase({ caller, ...parsed } as never);
      return {
        status: contract.status,
        headers: {
          'cache-control': 'no-store',
          ...(contract.answer ? { 'content-type': 'application/json' } : {}),
          ...(version === undefined ? {} : { etag: `"${version}"` }),
        },
        body: contract.answer ? JSON.stringify(body) : '',
      };
    } catch (error) {
      if (error instanceof Problem) return answerProblem(error);
      throw error;
    }
  };

function requireRole({ roles }: Contract, caller: Caller): void {
  if (!roles.includes(caller.role)) throw new Problem('partner_admin_required', {});
}
