import { PROBLEMS, type Problem, type ProblemCode } from '../domain/problem.ts';
import { PARTNER } from '../names/tables.ts';
import { describeDetails } from './explain-reason.ts';
import type { HttpAnswer } from './http.ts';

/** A problem as an RFC 9457 body: type, title, status and detail, then our `code`, `next`, `errors` and typed details. */
export function answerProblem(problem: Problem): HttpAnswer {
  const { status, title, next } = PROBLEMS[problem.code];
  const { errors, ...details }: Readonly<Record<string, unknown>> = { ...problem.details };
  const body = {
    type: `urn:apportion:problem:${problem.code}`,
    title,
    status,
    detail: describeDetails(details) || title,
    code: problem.code,
    next,
    ...(errors === undefined ? {} : { errors }),
    ...linksOf(problem),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...headersOf(problem),
    },
    body: JSON.stringify(body),
  };
}

/** What HTTP demands beside the body: RFC 9110 §15.5.6 (405) and §15.5.2 (401; the scheme's words are RFC 6750's). */
function headersOf(problem: Problem): Record<string, string> {
  if (is(problem, 'method_not_allowed')) return { allow: problem.details.allow };
  if (is(problem, 'unauthenticated')) return { 'www-authenticate': 'Bearer error="invalid_token"' };
  return {};
}

/** Where to look: the customer tenant that owns the sub account already (`acceptance.md`, BS-12). */
function linksOf(problem: Problem): { links?: Record<string, string> } {
  if (!is(problem, 'subaccount_linked_elsewhere') || problem.details.owner === PARTNER) return {};
  return { links: { tenant: `/v1/customers/${problem.details.owner}` } };
}

function is<Code extends ProblemCode>(problem: Problem, code: Code): problem is Problem & Problem<Code> {
  return problem.code === code;
}
