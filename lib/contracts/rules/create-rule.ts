import { contract } from '../contract.ts';
import { RuleAnswer, RuleInput } from './rule.ts';

/** Adds a rule at the end of the order; open periods it can touch are priced again at once. */
export const createRule = contract({
  operationId: 'createRule',
  method: 'POST',
  path: '/v1/rules',
  tag: 'Rules',
  summary: 'Create a rule',
  roles: ['partner'],
  body: RuleInput,
  status: 201,
  answer: RuleAnswer,
  etag: true,
  problems: ['end_before_start', 'scope_required', 'scope_conflict', 'not_found', 'too_many_items', 'conflict'],
});
