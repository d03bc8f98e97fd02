import { z } from 'zod';
import { contract } from '../contract.ts';
import { RuleAnswer } from './rule.ts';

/** All rules in the partner's one order. The ETag is the order's, for reordering. */
export const listRules = contract({
  operationId: 'listRules',
  method: 'GET',
  path: '/v1/rules',
  tag: 'Rules',
  summary: 'List rules in order',
  roles: ['partner'],
  status: 200,
  answer: z.object({ items: z.array(RuleAnswer) }).meta({ id: 'RuleList' }),
  etag: true,
  problems: [],
});
