import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { MonthParams } from './close-month.ts';

/** Has a closed month priced again, with what it was closed with, where newer deliveries have come since. */
export const repriceMonth = contract({
  operationId: 'repriceMonth',
  method: 'POST',
  path: '/v1/months/{period}/reprice',
  tag: 'Deliveries and runs',
  summary: 'Price a closed month again',
  description:
    'With the rules, order, assignments, commitments and settings that it was closed with. `/v1/periods` says `upToDate` ' +
    'when it is done, `/v1/runs` how far it is.',
  roles: ['partner'],
  params: MonthParams,
  status: 202,
  answer: z.object({ period: BillingPeriod, integrationIds: z.array(IntegrationId) }).meta({ id: 'MonthRepriced' }),
  problems: ['not_found', 'month_not_closed', 'nothing_to_reprice'],
});
