import type { assignSubAccounts as contract } from '../../contracts/assignments/assign-sub-accounts.ts';
import { OWNERS_MOST } from '../../contracts/assignments/assignment.ts';
import type { Assignment, SubAccountOwner } from '../../domain/assignment.ts';
import { type Day, firstDayOfMonth } from '../../domain/day.ts';
import { addRange } from '../../domain/owned-ranges.ts';
import { Problem } from '../../domain/problem.ts';
import { touchedByAssignments } from '../../domain/touched-by.ts';
import type { AssignmentStore } from '../../ports/assignment-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { foldedAsciiCase } from '../../sql/fold-case.ts';
import { askRepricing, type Repricing } from '../ask-repricing.ts';
import { requireCustomer } from '../customers/require-customer.ts';
import type { UseCase } from '../use-case.ts';
import { answerAssignment } from './answer-assignment.ts';
import { linkedElsewhere, storedRange } from './stored-range.ts';

interface Deps {
  readonly assignments: AssignmentStore;
  readonly customers: CustomerStore;
  readonly clock: Clock;
  readonly repricing: Repricing;
}

/** A change in between is read and judged like any other before the call is given up. */
const TRIES_MOST = 3;

/** Gives sub accounts to one owner, all or none; two admins at once: one succeeds, the other is told of the owner. */
export const assignSubAccounts =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ body: { owner, subAccounts } }) => {
    if (subAccounts.length === 0) throw new Problem('subaccounts_required', {});
    refuseDuplicates(subAccounts);
    if (owner !== 'partner') await requireCustomer(deps.customers, owner);
    const today = firstDayOfMonth(deps.clock.now());
    const asked = subAccounts.map((one) => ({ ...one, from: one.from === undefined ? today : one.from }));
    for (let tries = 0; tries < TRIES_MOST; tries += 1) {
      const changes = await Promise.all(asked.map((one) => withRange(deps.assignments, owner, one)));
      const changed = changes.map(({ after }) => after);
      if ((await deps.assignments.replaceAll(changed)) === 'stale') continue;
      await askRepricing(deps.repricing, touchedByAssignments(changes));
      return { body: { items: changed.map(answerAssignment) } };
    }
    throw new Problem('conflict', { what: 'other changes of these sub accounts, one after the other' });
  };

interface ToAssign {
  readonly subAccountId: string;
  readonly provider: string | null;
  readonly from: Day | null;
  readonly to: Day | null;
}

async function withRange(
  assignments: AssignmentStore,
  owner: SubAccountOwner,
  { subAccountId, provider, from, to }: ToAssign,
): Promise<{ before: Assignment | undefined; after: Assignment }> {
  const before = await assignments.find(subAccountId, provider);
  const result = addRange(before?.ranges ?? [], storedRange(owner, from, to));
  if ('conflict' in result) throw linkedElsewhere(subAccountId, result.conflict);
  if (result.ranges.length > OWNERS_MOST)
    throw new Problem('too_many_items', {
      what: `owners of ${subAccountId}`,
      most: OWNERS_MOST,
      got: result.ranges.length,
    });
  const id = before?.subAccountId ?? subAccountId;
  const version = (before?.version ?? 0) + 1;
  return { before, after: { subAccountId: id, provider, ranges: [...result.ranges], version } };
}

function refuseDuplicates(subAccounts: readonly { subAccountId: string; provider: string | null }[]): void {
  const seen = new Set<string>();
  for (const { subAccountId, provider } of subAccounts) {
    const key = JSON.stringify([foldedAsciiCase(subAccountId), provider]);
    if (seen.has(key)) throw new Problem('duplicate_subaccount', { subAccountId });
    seen.add(key);
  }
}
