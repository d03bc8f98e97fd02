import type { replaceAssignment as contract } from '../../contracts/assignments/replace-assignment.ts';
import { findOverlap, inOrder } from '../../domain/owned-ranges.ts';
import { Problem } from '../../domain/problem.ts';
import { touchedByAssignments } from '../../domain/touched-by.ts';
import type { AssignmentStore } from '../../ports/assignment-store.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { askRepricing, type Repricing } from '../ask-repricing.ts';
import { requireCustomer } from '../customers/require-customer.ts';
import { overtaken, requireVersion } from '../require-version.ts';
import type { UseCase } from '../use-case.ts';
import { answerAssignment } from './answer-assignment.ts';
import { linkedElsewhere, storedRange } from './stored-range.ts';

interface Deps {
  readonly assignments: AssignmentStore;
  readonly customers: CustomerStore;
  readonly repricing: Repricing;
}

/** Replaces all owners of one sub account, on the version the caller has read. */
export const replaceAssignment =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ query: { subAccountId, provider = null }, body: { owners }, ifMatchVersion }) => {
    const before = await deps.assignments.find(subAccountId, provider);
    if (!before) throw new Problem('not_found', { what: 'assignment', id: subAccountId });
    requireVersion(ifMatchVersion, before.version);
    for (const { owner } of owners) if (owner !== 'partner') await requireCustomer(deps.customers, owner);
    const ranges = owners.map(({ owner, from, to }) => storedRange(owner, from, to));
    const [overlapping] = findOverlap(ranges) ?? [];
    if (overlapping) throw linkedElsewhere(subAccountId, overlapping);
    const assignment = { ...before, ranges: inOrder(ranges), version: before.version + 1 };
    if ((await deps.assignments.replaceAll([assignment])) === 'stale') throw overtaken(ifMatchVersion);
    await askRepricing(deps.repricing, touchedByAssignments([{ before, after: assignment }]));
    return { body: answerAssignment(assignment), version: assignment.version };
  };
