import { z } from 'zod';
import { Assignment } from '../../domain/assignment.ts';
import { contract } from '../contract.ts';
import { AssignmentAnswer, OWNERS_MOST, OwnersInput } from './assignment.ts';

/**
 * Replaces all owners of one sub account: how an ownership is ended, moved or corrected. The sub account stands in the
 * query, since its id can hold a slash (Azure) and HTTP APIs hand a path on decoded.
 */
export const replaceAssignment = contract({
  operationId: 'replaceAssignment',
  method: 'PUT',
  path: '/v1/assignments',
  tag: 'Assignments',
  summary: 'Replace the owners of a sub account',
  description: `Up to ${OWNERS_MOST} owners, one after the other; none ends every ownership. The ETag is the assignment’s version in quotes.`,
  roles: ['partner'],
  query: z.strictObject({
    subAccountId: Assignment.shape.subAccountId.meta({ description: 'The sub account’s id.', example: '123456789012' }),
    provider: Assignment.shape.provider
      .unwrap()
      .optional()
      .meta({ description: 'Where two providers share the id: the one that was assigned by name.' }),
  }),
  body: OwnersInput,
  status: 200,
  answer: AssignmentAnswer,
  ifMatch: 'required',
  etag: true,
  problems: ['not_found', 'subaccount_linked_elsewhere', 'end_before_start', 'conflict'],
});
