import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { contract } from '../contract.ts';
import { ReasonAnswer } from '../deliveries/delivery.ts';
import { AdditionsSummary } from './additions-summary.ts';

/** Charges and credits of a period; `recomputing` while they do not yet match what is published. */
export const getAdditions = contract({
  operationId: 'getAdditions',
  method: 'GET',
  path: '/v1/additions/{period}',
  tag: 'Costs',
  summary: 'Get the additions of a period',
  roles: ['partner'],
  params: z.object({ period: BillingPeriod.meta({ description: 'The billing period.' }) }),
  status: 200,
  answer: z
    .object({ recomputing: z.boolean(), additions: z.array(AdditionsSummary), reason: ReasonAnswer.nullable() })
    .meta({ id: 'Additions' }),
  problems: [],
});
