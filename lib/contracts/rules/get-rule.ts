import { contract } from '../contract.ts';
import { RuleAnswer, RulePath } from './rule.ts';

/** One rule, its current version. */
export const getRule = contract({
  operationId: 'getRule',
  method: 'GET',
  path: '/v1/rules/{ruleId}',
  tag: 'Rules',
  summary: 'Get a rule',
  roles: ['partner'],
  params: RulePath,
  status: 200,
  answer: RuleAnswer,
  etag: true,
  problems: ['not_found'],
});
