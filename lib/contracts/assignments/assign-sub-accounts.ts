import { z } from 'zod';
import { contract } from '../contract.ts';
import { AssignmentAnswer, AssignmentInput } from './assignment.ts';

/** Gives sub accounts to an owner for some days; nothing is written when one of them has another owner then. */
export const assignSubAccounts = contract({
  operationId: 'assignSubAccounts',
  method: 'POST',
  path: '/v1/assignments',
  tag: 'Assignments',
  summary: 'Assign sub accounts',
  roles: ['partner'],
  body: AssignmentInput,
  description:
    'Days are inclusive (UTC). Where a sub account is assigned both with and without a provider, the assignment that ' +
    'names the row’s provider counts.',
  status: 201,
  answer: z.object({ items: z.array(AssignmentAnswer) }),
  problems: [
    'not_found',
    'subaccounts_required',
    'duplicate_subaccount',
    'subaccount_linked_elsewhere',
    'too_many_items',
    'end_before_start',
    'conflict',
  ],
});
