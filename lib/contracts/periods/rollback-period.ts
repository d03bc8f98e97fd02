import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId, RunId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';

/** Path parameters that name one (integration, period). */
export const PeriodParams = z.object({
  integrationId: IntegrationId.meta({ description: 'The integration’s id.' }),
  period: BillingPeriod.meta({ description: 'The billing period, yyyy-mm.' }),
});

/** Publishes an earlier run of a period again and pins the period to it. */
export const rollbackPeriod = contract({
  operationId: 'rollbackPeriod',
  method: 'POST',
  path: '/v1/periods/{integrationId}/{period}/rollback',
  tag: 'Deliveries and runs',
  summary: 'Go back to an earlier run',
  description:
    'To one of the last three runs that were published before the one that is (`earlier` in the list of periods). ' +
    'The period is pinned: changes of configuration leave it alone until it is unpinned or a newer bill is delivered. ' +
    'Lists follow the pointer within seconds.',
  roles: ['partner'],
  params: PeriodParams,
  body: z.object({ runId: RunId.meta({ description: 'The run to go back to.' }) }).strict(),
  status: 202,
  answer: z
    .object({ integrationId: IntegrationId, period: BillingPeriod, runId: RunId, pinned: z.literal(true) })
    .meta({ id: 'PeriodRolledBack' }),
  problems: ['not_found', 'not_an_earlier_run', 'conflict'],
});
