import type { z } from 'zod';
import type { Contract } from '../contracts/contract.ts';
import { type FieldError, Problem } from '../domain/problem.ts';
import type { HttpRequest } from './http.ts';

/** The parts of a request that a contract has schemas for, parsed. Throws a Problem that names every wrong field. */
export function parseRequest(
  contract: Contract,
  request: HttpRequest,
): { params: unknown; query: unknown; body: unknown; ifMatchVersion: number | undefined } {
  const errors: FieldError[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown, prefix: string): unknown => {
    if (!schema) return undefined;
    const result = schema.safeParse(value);
    if (!result.success) errors.push(...fieldErrors(result.error, prefix));
    return result.data;
  };
  const params = parse(contract.params, request.params, 'path');
  const query = contract.query ? parse(contract.query, request.query, 'query') : refuseUnknown(request.query, errors);
  const body = contract.body ? parse(contract.body, parseJson(request.body), '') : undefined;
  if (errors.length > 0) throw new Problem('invalid_request', { errors });
  return { params, query, body, ifMatchVersion: parseIfMatch(contract, request.headers['if-match']) };
}

function fieldErrors(error: z.ZodError, prefix: string): FieldError[] {
  return error.issues.map(({ path, message }) => ({
    pointer: `${prefix}/${path.map(escapePointer).join('/')}`,
    detail: message,
  }));
}

/** RFC 6901 §3: `~` and `/` are escaped in a reference token. */
function escapePointer(token: PropertyKey): string {
  return String(token).replaceAll('~', '~0').replaceAll('/', '~1');
}

function refuseUnknown(query: Readonly<Record<string, string>>, errors: FieldError[]): undefined {
  for (const name of Object.keys(query))
    errors.push({ pointer: `query/${escapePointer(name)}`, detail: 'unknown parameter' });
}

function parseJson(body: string | undefined): unknown {
  if (body === undefined || body === '') throw new Problem('malformed_body', { reason: 'the body is empty' });
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem('malformed_body', { reason: 'the body is not JSON' });
  }
}

function parseIfMatch({ ifMatch }: Contract, header: string | undefined): number | undefined {
  if (ifMatch !== 'required') return undefined;
  if (header === undefined) throw new Problem('precondition_required', {});
  const version = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  // An ETag that is not ours, or a weak one, matches nothing (RFC 9110 §13.1.1); `*` would name no version.
  if (/^(?:W\/)?"[^"]*"$/.test(header)) throw new Problem('precondition_failed', { expected: header, actual: null });
  throw new Problem('invalid_request', {
    errors: [{ pointer: 'header/if-match', detail: 'one ETag as it was answered, in its quotes, for example "3"' }],
  });
}
