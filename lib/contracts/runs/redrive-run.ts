import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId, RunId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';

/** Asks for a new run over what is wanted now, where the run named here failed or was quarantined. */
export const redriveRun = contract({
  operationId: 'redriveRun',
  method: 'POST',
  path: '/v1/runs/{runId}/redrive',
  tag: 'Deliveries and runs',
  summary: 'Try a run again',
  description: 'After its cause is mended. A new run starts at once, on the delivery and configuration wanted now.',
  roles: ['partner'],
  params: z.object({ runId: RunId.meta({ description: 'A run that is Failed or Quarantined.' }) }),
  status: 202,
  answer: z
    .object({ integrationId: IntegrationId, period: BillingPeriod })
    .meta({ id: 'RunAsked', description: 'What a run was asked for; it shows in the list of runs.' }),
  problems: ['not_found', 'nothing_to_redrive', 'run_at_work', 'period_pinned'],
});
