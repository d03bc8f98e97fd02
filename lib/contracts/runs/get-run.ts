import { z } from 'zod';
import { RunId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { RunAnswer } from './run.ts';
import { RunSummary } from './run-summary.ts';

/** One run: status, step, times, reason, and its reconciled figures per currency once there are any. */
export const getRun = contract({
  operationId: 'getRun',
  method: 'GET',
  path: '/v1/runs/{runId}',
  tag: 'Deliveries and runs',
  summary: 'Get a run',
  roles: ['partner'],
  params: z.object({ runId: RunId.meta({ description: 'The run’s id.' }) }),
  status: 200,
  answer: RunAnswer.extend({ totals: z.array(RunSummary) }).meta({ id: 'RunWithTotals' }),
  problems: ['not_found'],
});
