import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { DeliveryId, IntegrationId, RunId } from '../../domain/ids.ts';
import { EarlierRun } from '../../domain/period-state.ts';
import { contract } from '../contract.ts';

/** Every (integration, period): what is wanted, what is published, and whether the one is the other. */
export const listPeriods = contract({
  operationId: 'listPeriods',
  method: 'GET',
  path: '/v1/periods',
  tag: 'Deliveries and runs',
  summary: 'List billing periods',
  roles: ['partner'],
  status: 200,
  answer: z
    .object({
      configRevision: z.int().nonnegative(),
      items: z.array(
        z
          .object({
            integrationId: IntegrationId,
            period: BillingPeriod,
            wantedDeliveryId: DeliveryId,
            published: z
              .object({
                runId: RunId,
                deliveryId: DeliveryId,
                configRevision: z.int().nonnegative(),
                publishedAt: z.iso.datetime(),
              })
              .nullable(),
            /** Runs that the period can go back to, the last one first. */
            earlier: z.array(EarlierRun.omit({ deliverySeq: true, days: true })),
            /** Since when the period stands still at a run the partner went back to. */
            pinnedSince: z.iso.datetime().nullable(),
            /** Since when the month is closed. */
            closedAt: z.iso.datetime().nullable(),
            /** False while a newer delivery or a change of rules, assignments or settings is still to be published. */
            upToDate: z.boolean(),
          })
          .meta({ id: 'Period' }),
      ),
    })
    .meta({ id: 'PeriodList' }),
  problems: [],
});
