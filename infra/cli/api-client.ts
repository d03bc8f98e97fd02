import type { z } from 'zod';
import type { Contract } from '../../lib/contracts/contract.ts';
import { ProblemBody } from '../../lib/contracts/problem-body.ts';

/** What a caller gives for a contract's schema, before defaults. */
type Given<Schema> = Schema extends z.ZodType ? z.input<Schema> : never;

/** Parts of a request: only those that the contract has. */
type RequestParts<C extends Contract> =
  C extends Contract<infer Path, infer Query, infer Body, infer _Answer>
    ? {
        readonly params?: Given<Path>;
        readonly query?: Partial<Given<Query>>;
        readonly body?: Given<Body>;
        readonly ifMatch?: string;
      }
    : never;

/** The parsed answer of a contract. */
type AnswerBody<C extends Contract> =
  C extends Contract<infer _P, infer _Q, infer _B, infer Answer>
    ? Answer extends z.ZodType
      ? z.output<Answer>
      : undefined
    : never;

/** An answer that is a problem, as thrown by the client. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
  }
}

/** Calls operations by their contracts, over HTTP, as any caller would. */
export interface ApiClient {
  call<C extends Contract>(
    contract: C,
    request?: RequestParts<C>,
  ): Promise<{ body: AnswerBody<C>; etag: string | null }>;
}

/** A client of the API at `baseUrl` with the bearer token that `token` gives for each call. */
export function apiClient({ baseUrl, token }: { baseUrl: string; token: () => Promise<string> }): ApiClient {
  return {
    async call(contract, request) {
      const { params = {}, query = {}, body, ifMatch } = (request ?? {}) as RequestParts<Contract>;
      const response = await fetch(`${baseUrl}${pathOf(contract, params)}${queryOf(query)}`, {
        method: contract.method,
        headers: {
          authorization: `Bearer ${await token()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw problemOf(contract, response.status, text);
      const parsed = contract.answer ? contract.answer.parse(JSON.parse(text)) : undefined;
      return { body: parsed as never, etag: response.headers.get('etag') };
    },
  };
}

function pathOf({ path }: Contract, params: object): string {
  const values = new Map(Object.entries(params));
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
}

function queryOf(query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? '' : `?${parameters}`;
}

function problemOf({ operationId }: Contract, status: number, text: string): ApiProblem {
  const problem = ProblemBody.safeParse(safeJson(text));
  if (!problem.success) return new ApiProblem(status, 'unknown', `${operationId}: ${status} ${text.slice(0, 300)}`);
  const { code, title, detail, next, errors = [] } = problem.data;
  const fields = errors.map((one) => `\n  ${one.pointer}: ${one.detail}`).join('');
  return new ApiProblem(status, code, `${operationId}: ${title} (${detail})${fields}\n${next}`);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
