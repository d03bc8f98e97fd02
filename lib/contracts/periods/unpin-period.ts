import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { PeriodParams } from './rollback-period.ts';

/** Takes a period's pin away: what is wanted is run and published again. */
export const unpinPeriod = contract({
  operationId: 'unpinPeriod',
  method: 'POST',
  path: '/v1/periods/{integrationId}/{period}/unpin',
  tag: 'Deliveries and runs',
  summary: 'Take a pin away',
  roles: ['partner'],
  params: PeriodParams,
  status: 202,
  answer: z.object({ integrationId: IntegrationId, period: BillingPeriod }).meta({ id: 'PeriodUnpinned' }),
  problems: ['not_found', 'period_not_pinned'],
});
