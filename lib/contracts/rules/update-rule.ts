import { contract } from '../contract.ts';
import { RuleAnswer, RuleInput, RulePath } from './rule.ts';

/** Makes a new version of a rule; the versions before stay for the runs that used them. The type cannot change. */
export const updateRule = contract({
  operationId: 'updateRule',
  method: 'PUT',
  path: '/v1/rules/{ruleId}',
  tag: 'Rules',
  summary: 'Update a rule',
  roles: ['partner'],
  params: RulePath,
  body: RuleInput,
  status: 200,
  answer: RuleAnswer,
  ifMatch: 'required',
  etag: true,
  problems: [
    'not_found',
    'rule_type_immutable',
    'end_before_start',
    'scope_required',
    'scope_conflict',
    'too_many_items',
    'conflict',
  ],
});
