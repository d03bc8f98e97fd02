import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { PROBLEMS } from '../domain/problem.ts';
import { CONTRACTS } from './all-contracts.ts';
import type { Contract } from './contract.ts';
import { documentedProblems } from './documented-problems.ts';
import { GatewayMessage, ProblemBody } from './problem-body.ts';
import { TAGS } from './tags.ts';

/** The OpenAPI 3.1 document of the API, derived from the contracts alone. `serverUrl` is where it is served. */
export function openApiDocument(serverUrl: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const contract of Object.values<Contract>(CONTRACTS)) {
    paths[contract.path] = { ...paths[contract.path], [contract.method.toLowerCase()]: operation(contract) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Apportion',
      version: '1.0.0',
      description:
        'Splits the cloud bills a partner resells per customer, prices them by the partner’s rules, and reconciles every digit. Amounts are decimal strings.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ accessToken: [] }],
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of the deployment’s issuer.',
        },
      },
    },
    paths,
  });
}

function operation(contract: Contract): ZodOpenApiOperationObject {
  const header = contract.ifMatch
    ? z.object({
        'If-Match': z
          .string()
          .regex(/^(W\/)?"[^"]*"$/)
          .meta({ description: 'The ETag that the change is based on.', example: '"3"' }),
      })
    : undefined;
  return {
    operationId: contract.operationId,
    tags: [contract.tag],
    summary: contract.summary,
    ...(contract.description ? { description: contract.description } : {}),
    requestParams: {
      ...(contract.params ? { path: contract.params } : {}),
      ...(contract.query ? { query: contract.query } : {}),
      ...(header ? { header } : {}),
    },
    ...(contract.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: contract.body } } } }
      : {}),
    responses: {
      [`${contract.status}`]: success(contract),
      ...(contract.alsoStatus ? { [`${contract.alsoStatus}`]: success(contract) } : {}),
      ...problems(contract),
    },
  };
}

function success(contract: Contract) {
  return {
    description: contract.summary,
    ...(contract.answer ? { content: { 'application/json': { schema: contract.answer } } } : {}),
    ...(contract.etag ? { headers: z.object({ ETag: z.string().meta({ description: 'For If-Match.' }) }) } : {}),
  };
}

/** One response per status; each names the codes it can carry. The gateway's own answers carry none. */
function problems(contract: Contract) {
  const byStatus = Map.groupBy(documentedProblems(contract), (code) => PROBLEMS[code].status);
  const answers = [...byStatus].map(
    ([status, list]) =>
      [
        `${status}`,
        {
          description: list.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
          content: {
            'application/problem+json': { schema: ProblemBody },
            ...(status === 401 || status === 500 ? { 'application/json': { schema: GatewayMessage } } : {}),
          },
        },
      ] as const,
  );
  return {
    ...Object.fromEntries(answers),
    ...(contract.body ? { '413': ofGateway('The body is larger than 10 MB.') } : {}),
    '429': ofGateway('Too many requests.'),
    '431': ofGateway('Path, query and headers are larger than 10 kB.'),
    '503': ofGateway('The answer took longer than 30 seconds.'),
  };
}

function ofGateway(description: string) {
  return { description, content: { 'application/json': { schema: GatewayMessage } } };
}
