import type { ProblemCode } from '../domain/problem.ts';
import type { Contract } from './contract.ts';

/** Every problem that an operation can answer: its own, and those that come with a token, a body or an If-Match. */
export function documentedProblems(contract: Contract): readonly ProblemCode[] {
  const codes: readonly ProblemCode[] = [
    'unauthenticated',
    contract.roles.includes('customer') ? 'no_role' : 'partner_admin_required',
    ...(contract.body ? (['malformed_body'] as const) : []),
    'invalid_request',
    ...(contract.ifMatch ? (['precondition_required', 'precondition_failed'] as const) : []),
    ...contract.problems,
    'internal',
  ];
  return [...new Set(codes)];
}
