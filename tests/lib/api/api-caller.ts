import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { answerRequest, type ErasedUseCase } from '../../../lib/api/answer-request.ts';
import { identifyCaller } from '../../../lib/api/identify-caller.ts';
import { apiUseCases } from '../../../lib/api/use-cases.ts';
import type { OperationId } from '../../../lib/contracts/all-contracts.ts';
import type { Contract } from '../../../lib/contracts/contract.ts';
import { documentedProblems } from '../../../lib/contracts/documented-problems.ts';
import { ProblemBody } from '../../../lib/contracts/problem-body.ts';
import type { ApiWorld } from './api-world.ts';

/** The parts of a request as a client sends them: whatever it likes. */
export interface Sent {
  readonly as?: string | undefined;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
}

/** A successful answer's parsed body. */
type AnswerBody<C extends Contract> =
  C extends Contract<infer _P, infer _Q, infer _B, infer Answer>
    ? Answer extends z.ZodType
      ? z.output<Answer>
      : undefined
    : never;

/** Subject of the partner's first user. */
export const PARTNER_SUB = 'first-partner';

/**
 * Calls operations as the partner, or as the user `as`. Every answer is held to the contract: a success to its schema,
 * and to nothing more than its schema; a problem to the codes that the contract documents.
 */
export function apiCaller(api: ApiWorld, more: Partial<Record<OperationId, ErasedUseCase>> = {}) {
  const useCases: Partial<Record<OperationId, ErasedUseCase>> = { ...apiUseCases(api.world), ...more };
  const identify = identifyCaller({ users: api.world.users, firstPartnerSubject: PARTNER_SUB });
  const send = async (contract: Contract, { as = PARTNER_SUB, params, query, body, ifMatch }: Sent) => {
    const useCase = useCases[contract.operationId as OperationId];
    if (!useCase) throw new Error(`${contract.operationId} is not served here`);
    return await answerRequest(
      contract,
      useCase,
      identify,
      api.audit,
    )({
      method: contract.method,
      path: contract.path,
      params: params ?? {},
      query: query ?? {},
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      body: body === undefined ? undefined : JSON.stringify(body),
      claims: { sub: as, token_use: 'access' },
    });
  };
  return {
    /** A call that must succeed. */
    async call<C extends Contract>(contract: C, sent: Sent = {}): Promise<{ body: AnswerBody<C>; etag: string }> {
      const { status, headers, body } = await send(contract, sent);
      if (status !== contract.status && status !== contract.alsoStatus)
        throw new Error(`${contract.operationId}: ${status} ${body}`);
      if (contract.etag && headers.etag === undefined)
        throw new Error(`${contract.operationId} answers without an ETag`);
      if (!contract.answer) return { body: undefined as never, etag: headers.etag ?? '' };
      const answered: unknown = JSON.parse(body);
      const parsed = contract.answer.parse(answered);
      if (!isDeepStrictEqual(parsed, answered)) throw new Error(`${contract.operationId} answers more than it says`);
      return { body: parsed as never, etag: headers.etag ?? '' };
    },
    /** A call that must fail. */
    async refused(contract: Contract, sent: Sent = {}): Promise<z.output<typeof ProblemBody>> {
      const { status, headers, body } = await send(contract, sent);
      if (headers['content-type'] !== 'application/problem+json') throw new Error(`${status} ${body}`);
      const problem = ProblemBody.strict().parse(JSON.parse(body));
      if (problem.status !== status) throw new Error(`status ${status} says ${problem.status}`);
      if (!documentedProblems(contract).some((code) => code === problem.code))
        throw new Error(`${contract.operationId} does not document ${problem.code}`);
      return problem;
    },
  };
}

/** Calls operations. */
export type ApiCaller = ReturnType<typeof apiCaller>;
