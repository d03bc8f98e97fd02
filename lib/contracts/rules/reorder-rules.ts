import { z } from 'zod';
import { RuleId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { RuleAnswer } from './rule.ts';

/** Sets the whole order in one atomic call; If-Match carries the ETag of the list. */
export const reorderRules = contract({
  operationId: 'reorderRules',
  method: 'PUT',
  path: '/v1/rules/order',
  tag: 'Rules',
  summary: 'Reorder the rules',
  roles: ['partner'],
  body: z.strictObject({ ruleIds: z.array(RuleId).max(1000) }),
  status: 200,
  answer: z.object({ items: z.array(RuleAnswer) }).meta({ id: 'ReorderedRules' }),
  ifMatch: 'required',
  etag: true,
  problems: ['conflict'],
});
