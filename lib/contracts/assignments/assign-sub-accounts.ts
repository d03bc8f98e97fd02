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
  status: 200,
  answer: z.object({ items: z.array(AssignmentAnswer) }),
  problems: ['not_found', 'duplicate_subaccount', 'subaccount_linked_elsewhere', 'end_before_start', 'conflict'],
});
