import { PROBLEMS, type Problem, type ProblemDetails } from '../domain/problem.ts';
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
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(isMethodNotAllowed(problem) ? { allow: problem.details.allow } : {}),
    },
    body: JSON.stringify(body),
  };
}

function isMethodNotAllowed(problem: Problem): problem is Problem & { details: ProblemDetails['method_not_allowed'] } {
  return problem.code === 'method_not_allowed';
}
