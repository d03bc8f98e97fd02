import { z } from 'zod';
import { Assignment, SubAccountOwner } from '../../domain/assignment.ts';
import { Day } from '../../domain/day.ts';
import { contract } from '../contract.ts';
import { AssignmentAnswer } from './assignment.ts';

/** Replaces all owners of one sub account: how an ownership is ended, moved or corrected. */
export const replaceAssignment = contract({
  operationId: 'replaceAssignment',
  method: 'PUT',
  path: '/v1/assignments/{subAccountId}',
  tag: 'Assignments',
  summary: 'Replace the owners of a sub account',
  roles: ['partner'],
  params: z.object({ subAccountId: Assignment.shape.subAccountId.meta({ description: 'The sub account’s id.' }) }),
  query: z.strictObject({
    provider: z.string().min(1).max(200).optional().meta({ description: 'Where two providers share the id.' }),
  }),
  body: z.strictObject({
    owners: z.array(z.strictObject({ owner: SubAccountOwner, from: Day.nullable(), to: Day.nullable() })).max(100),
  }),
  status: 200,
  answer: AssignmentAnswer,
  ifMatch: 'required',
  etag: true,
  problems: ['not_found', 'subaccount_linked_elsewhere', 'end_before_start'],
});
