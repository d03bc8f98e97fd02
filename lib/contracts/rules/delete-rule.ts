import { contract } from '../contract.ts';
import { RulePath } from './rule.ts';

/** Takes a rule out of the order; runs that used it keep its versions. */
export const deleteRule = contract({
  operationId: 'deleteRule',
  method: 'DELETE',
  path: '/v1/rules/{ruleId}',
  tag: 'Rules',
  summary: 'Delete a rule',
  roles: ['partner'],
  params: RulePath,
  status: 204,
  ifMatch: 'required',
  problems: ['not_found', 'conflict'],
});
