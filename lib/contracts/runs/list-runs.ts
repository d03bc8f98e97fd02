import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { PageQuery, pageOf } from '../page.ts';
import { RunAnswer } from './run.ts';

/** Runs over delivered bills, newest first. */
export const listRuns = contract({
  operationId: 'listRuns',
  method: 'GET',
  path: '/v1/runs',
  tag: 'Deliveries and runs',
  summary: 'List runs',
  roles: ['partner'],
  query: PageQuery.extend({
    integrationId: IntegrationId.optional().meta({ description: 'Of this integration only.' }),
    period: BillingPeriod.optional().meta({ description: 'Of this billing period only, with integrationId.' }),
  }),
  status: 200,
  answer: pageOf(RunAnswer),
  problems: [],
});
