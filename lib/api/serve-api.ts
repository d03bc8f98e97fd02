import type { OperationId } from '../contracts/all-contracts.ts';
import { openApiDocument } from '../contracts/openapi-document.ts';
import { Problem } from '../domain/problem.ts';
import { ROUTES } from '../names/routes.ts';
import { answerProblem } from './answer-problem.ts';
import { answerRequest, type ErasedUseCase, type Identify } from './answer-request.ts';
import type { AuditWorld } from './audit-request.ts';
import { docsPage } from './docs-page.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { matchContract } from './match-contract.ts';

/** What answers each operation; one that is served by another function is not here. */
export type UseCases = Partial<Record<OperationId, ErasedUseCase>>;

/** Answers any request: the open documents, the operations, and a 404 or 405 problem for all else. */
export const serveApi =
  (useCases: UseCases, identify: Identify, audit?: AuditWorld) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const open = OPEN[`${request.method} ${request.path}`];
    if (open) return open(request);
    try {
      const { contract, params } = matchContract(request.method, request.path);
      const useCase = useCases[contract.operationId as OperationId];
      if (!useCase) throw new Problem('not_found', { what: 'path', id: request.path });
      return await answerRequest(contract, useCase, identify, audit)({ ...request, params });
    } catch (error) {
      if (error instanceof Problem) return answerProblem(error);
      throw error;
    }
  };

/** Routes without a token: they hold nothing of the partner's. */
const OPEN: Readonly<Record<string, (request: HttpRequest) => HttpAnswer>> = {
  [ROUTES.openApi]: ({ headers }) => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    body: JSON.stringify(openApiDocument(serverOf(headers))),
  }),
  [ROUTES.docs]: () => ({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: docsPage(),
  }),
};

/** The API's own address as the caller wrote it; only a local machine is without TLS. */
function serverOf(headers: HttpRequest['headers']): string {
  const host = headers.host ?? 'localhost';
  return `${/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host) ? 'http' : 'https'}://${host}`;
}
