import { contract } from '../contract.ts';
import { PageQuery, pageOf } from '../page.ts';
import { AssignmentAnswer } from './assignment.ts';

/** Who owns which sub account, by days. */
export const listAssignments = contract({
  operationId: 'listAssignments',
  method: 'GET',
  path: '/v1/assignments',
  tag: 'Assignments',
  summary: 'List assignments',
  roles: ['partner'],
  query: PageQuery,
  status: 200,
  answer: pageOf(AssignmentAnswer),
  problems: [],
});
