import type { assignSubAccounts as contract } from '../../contracts/assignments/assign-sub-accounts.ts';
import type { Assignment, SubAccountOwner } from '../../domain/assignment.ts';
import { type Day, firstDayOfMonth } from '../../domain/day.ts';
import { addRange } from '../../domain/owned-ranges.ts';
import { Problem } from '../../domain/problem.ts';
import type { AssignmentStore } from '../../ports/assignment-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { askRepricing, type Repricing } from '../ask-repricing.ts';
import { requireCustomer } from '../customers/require-customer.ts';
import type { UseCase } from '../use-case.ts';
import { answerAssignment } from './answer-assignment.ts';
import { storedRange } from './stored-range.ts';

interface Deps {
  readonly assignments: AssignmentStore;
  readonly customers: CustomerStore;
  readonly clock: Clock;
  readonly repricing: Repricing;
}

/** Gives sub accounts to one owner, all or none; two admins at once: one succeeds, the other is told of the conflict. */
export const assignSubAccounts =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ body: { owner, subAccounts } }) => {
    if (owner !== 'partner') await requireCustomer(deps.customers, owner);
    refuseDuplicates(subAccounts);
    const today = firstDayOfMonth(deps.clock.now());
    const changed = await Promise.all(
      subAccounts.map((one) =>
        withRange(deps.assignments, owner, { ...one, from: one.from === undefined ? today : one.from }),
      ),
    );
    if ((await deps.assignments.replaceAll(changed)) === 'stale')
      throw new Problem('conflict', { what: 'another change of these sub accounts' });
    await askRepricing(deps.repricing, touchedDays(subAccounts.map(({ from = today, to }) => ({ from, to }))));
    return { body: { items: changed.map(answerAssignment) } };
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
): Promise<Assignment> {
  const before = await assignments.find(subAccountId, provider);
  const result = addRange(before?.ranges ?? [], storedRange(owner, from, to));
  if ('conflict' in result) throw new Problem('subaccount_linked_elsewhere', { subAccountId, ...result.conflict });
  return {
    subAccountId: before?.subAccountId ?? subAccountId,
    provider,
    ranges: [...result.ranges],
    version: (before?.version ?? 0) + 1,
  };
}

function refuseDuplicates(subAccounts: readonly { subAccountId: string; provider: string | null }[]): void {
  const seen = new Set<string>();
  for (const { subAccountId, provider } of subAccounts) {
    const key = JSON.stringify([subAccountId.toLowerCase(), provider]);
    if (seen.has(key)) throw new Problem('duplicate_subaccount', { subAccountId });
    seen.add(key);
  }
}

/** The days that ranges cover together; an open bound wins. */
export function touchedDays(ranges: readonly { from: string | null; to: string | null }[]): {
  from: string | null;
  to: string | null;
} {
  const froms = ranges.map(({ from }) => from);
  const tos = ranges.map(({ to }) => to);
  return {
    from: froms.includes(null) ? null : (froms.sort()[0] ?? null),
    to: tos.includes(null) ? null : (tos.sort().at(-1) ?? null),
  };
}
