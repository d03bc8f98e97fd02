import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CustomerId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { CurrencyCode } from '../money-text.ts';
import { RowsAndCosts } from '../runs/run-summary.ts';

/** What a customer is charged in a period, from the published tables only: what is not published does not exist here. */
export const getCosts = contract({
  operationId: 'getCosts',
  method: 'GET',
  path: '/v1/costs',
  tag: 'Costs',
  summary: 'Get a customer’s costs',
  description:
    'A customer’s user sees its own costs, and no other customer exists for it; the partner names the customer.',
  roles: ['partner', 'customer'],
  query: z.strictObject({
    period: BillingPeriod.meta({ description: 'The billing period.', example: '2025-03' }),
    groupBy: z
      .enum(['service', 'sub_account', 'day'])
      .default('service')
      .meta({ description: 'What a line stands for.' }),
    customerId: CustomerId.optional().meta({ description: 'Required for the partner; a customer may give its own.' }),
  }),
  status: 200,
  answer: z
    .object({
      customerId: CustomerId,
      period: BillingPeriod,
      groupBy: z.enum(['service', 'sub_account', 'day']),
      /** When the newest bill in these figures was published; null while none is. */
      publishedAt: z.iso.datetime().nullable(),
      /** True while a newer bill, changed rules or the period's additions are still to be published. */
      recomputing: z.boolean(),
      items: z.array(
        z.object({
          /** The service's name, the sub account's id, or the day `yyyy-mm-dd` (UTC); null where the row has none. */
          key: z.string().nullable(),
          name: z.string().nullable(),
          BillingCurrency: CurrencyCode,
          ...RowsAndCosts.shape,
        }),
      ),
      totals: z.array(z.object({ BillingCurrency: CurrencyCode, ...RowsAndCosts.shape })),
    })
    .meta({ id: 'Costs' }),
  problems: ['not_found'],
});
