import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CONTRACTS } from '../../../lib/contracts/all-contracts.ts';
import type { Contract } from '../../../lib/contracts/contract.ts';
import { documentedProblems } from '../../../lib/contracts/documented-problems.ts';
import { openApiDocument } from '../../../lib/contracts/openapi-document.ts';
import { PROBLEMS } from '../../../lib/domain/problem.ts';

const committed = readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8');

/** What these tests look at in an operation (OpenAPI 3.1.0, §4.8.10); what is not there must not be. */
const Media = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));
const Operation = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()).length(1),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().optional(),
        schema: z.looseObject({}),
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.literal(true), content: Media }).optional(),
  responses: z.record(
    z.string().regex(/^\d{3}$/),
    z.strictObject({
      description: z.string().min(1),
      content: Media.optional(),
      headers: z.looseObject({}).optional(),
    }),
  ),
});
const Document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.strictObject({ url: z.url() })),
  tags: z.array(z.looseObject({ name: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string().startsWith('/v1/'), z.partialRecord(z.enum(['get', 'post', 'put', 'delete']), Operation)),
  components: z.object({
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), z.unknown()),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.literal('http') })),
  }),
});
const document = Document.parse(JSON.parse(JSON.stringify(openApiDocument('https://apportion.example'))));
const contracts = Object.values<Contract>(CONTRACTS);
const operationOf = ({ path, method }: Contract) =>
  document.paths[path]?.[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'];

/** Every `$ref` in a part of the document. */
function refsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (name === '$ref' ? [String(value)] : refsIn(value)));
}

describe('The OpenAPI document', () => {
  test('is the one committed in docs: `npm run openapi` writes it', () => {
    expect(committed).toBe(`${JSON.stringify(openApiDocument('https://apportion.example'), null, 2)}\n`);
  });

  test('has every operation once, under its own name', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((operation) => operation?.operationId),
    );
    expect(ids.toSorted()).toEqual(Object.keys(CONTRACTS).sort());
    for (const [name, contract] of Object.entries<Contract>(CONTRACTS)) expect(contract.operationId).toBe(name);
  });

  test('refers only to what is in it, and names every part itself', () => {
    const names = Object.keys(document.components.schemas);
    for (const ref of refsIn(document)) expect(names).toContain(ref.replace('#/components/schemas/', ''));
    expect(names.filter((name) => name.startsWith('_'))).toEqual([]);
  });

  test('asks for the token everywhere', () => {
    expect(document.security).toEqual([{ accessToken: [] }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['accessToken']);
    for (const { roles } of contracts) expect(roles.length).toBeGreaterThan(0);
  });

  test('explains every tag that an operation has', () => {
    const tags = new Set(document.tags.map(({ name }) => name));
    for (const { tag } of contracts) expect(tags).toContain(tag);
  });
});

describe.each(contracts)('$method $path', (contract) => {
  const operation = operationOf(contract);
  const parameters = operation?.parameters ?? [];

  test('declares each parameter of its path, and each is required', () => {
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    const named = [...contract.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(inPath.map(({ name }) => name).toSorted()).toEqual(named.toSorted());
    expect(Object.keys(contract.params?.shape ?? {}).toSorted()).toEqual(named.toSorted());
    expect(inPath.every(({ required }) => required === true)).toBe(true);
  });

  test('declares its query, its precondition and its body', () => {
    const inQuery = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    expect(inQuery.toSorted()).toEqual(Object.keys(contract.query?.shape ?? {}).toSorted());
    const inHeader = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
    expect(inHeader).toEqual(contract.ifMatch ? ['If-Match'] : []);
    expect(operation?.requestBody !== undefined).toBe(contract.body !== undefined);
  });

  test('declares its success, with a body where there is one and an ETag where there is one', () => {
    const success = operation?.responses[`${contract.status}`];
    expect(success?.content !== undefined).toBe(contract.answer !== undefined && contract.status !== 204);
    expect(success?.headers !== undefined).toBe(contract.etag === true);
  });

  test('declares the status of every problem it can answer, by code', () => {
    for (const code of documentedProblems(contract)) {
      const response = operation?.responses[`${PROBLEMS[code].status}`];
      expect(response?.description, code).toContain(`\`${code}\``);
      expect(response?.content).toHaveProperty(['application/problem+json']);
    }
    for (const status of ['429', '503']) expect(operation?.responses).toHaveProperty(status);
  });

  test('can lose a race only where it changes something, and says so', () => {
    const changes = ['createCustomer', 'updateCustomer', 'assignSubAccounts', 'createRule', 'deleteRule'];
    if (changes.includes(contract.operationId)) expect(contract.problems).toContain('conflict');
    if (contract.method === 'GET') expect(contract.problems).not.toContain('conflict');
  });
});
