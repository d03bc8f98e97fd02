import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { contract } from '../contract.ts';

/** Path of one month. */
export const MonthParams = z.object({ period: BillingPeriod.meta({ description: 'The month, yyyy-mm.' }) });

/** Closes a month: what it was published with is what it stays priced with. */
export const closeMonth = contract({
  operationId: 'closeMonth',
  method: 'POST',
  path: '/v1/months/{period}/close',
  tag: 'Deliveries and runs',
  summary: 'Close a month',
  description:
    'Freezes rules, order, assignments, commitments and settings for all integrations of the month. Changes and ' +
    'deliveries after it leave the month alone until it is asked to be priced again, with what it was closed with. ' +
    'Everything that is wanted of the month has to be published.',
  roles: ['partner'],
  params: MonthParams,
  status: 200,
  answer: z
    .object({ period: BillingPeriod, closedAt: z.iso.datetime(), configRevision: z.int().nonnegative() })
    .meta({ id: 'MonthClosed' }),
  problems: ['not_found', 'nothing_published', 'month_closed', 'month_not_up_to_date', 'conflict'],
});
