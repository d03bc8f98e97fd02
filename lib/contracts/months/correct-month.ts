import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { contract } from '../contract.ts';
import { MonthParams } from './close-month.ts';

/** Has a closed month priced by the latest configuration; the difference is rows of the next open month. */
export const correctMonth = contract({
  operationId: 'correctMonth',
  method: 'POST',
  path: '/v1/months/{period}/corrections',
  tag: 'Deliveries and runs',
  summary: 'Correct a closed month',
  description:
    'Prices the month by the latest rules, order, assignments, commitments and settings. The month stays as it is: where ' +
    'a customer would be charged otherwise, the next open month carries the difference as rows of ChargeClass ' +
    '`Correction`. Asked for again, they are made anew with what is the latest then. `GET /v1/additions/{period}` of that ' +
    'month says `recomputing` until they are there.',
  roles: ['partner'],
  params: MonthParams,
  status: 202,
  answer: z
    .object({
      period: BillingPeriod,
      correctedIn: BillingPeriod.meta({ description: 'The open month that carries the corrections.' }),
      configRevision: z.int().nonnegative().meta({ description: 'The configuration that the month is priced by.' }),
    })
    .meta({ id: 'MonthCorrected' }),
  problems: ['not_found', 'month_not_closed', 'conflict'],
});
