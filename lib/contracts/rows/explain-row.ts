import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CustomerId, IntegrationId, RuleId, RunId } from '../../domain/ids.ts';
import { Precedence } from '../../domain/settings.ts';
import { contract } from '../contract.ts';
import { CurrencyCode } from '../money-text.ts';
import { FourCosts } from '../runs/run-summary.ts';

/** Which row: `x_RowId` of any of the tables; a part of a split row (`…/2`) is explained with its whole. */
const RowId = z
  .string()
  .regex(/^[0-9a-f]{32}-\d{1,12}$/, 'an x_RowId, without what follows a slash')
  .meta({ description: 'The row’s `x_RowId`.' });

/** One step from what was delivered to what is charged, or a rule that was looked at and not applied. */
const RowStep = z
  .object({
    stage: z.enum(['commitment', 'rule', 'addition', 'correction']),
    verdict: z
      .enum(['applied', 'not_applied', 'out_of_scope', 'out_of_date', 'other_kind_of_row', 'filter', 'shadowed'])
      .meta({ description: 'Whether it was applied, else the first reason why it was not.' }),
    rule: z
      .object({ id: RuleId, version: z.int(), order: z.int().nullable(), name: z.string(), type: z.string() })
      .nullable()
      .meta({ description: 'The version that the run used; null for the commitment policy and for a correction.' }),
    shadowedBy: RuleId.nullable(),
    failedTests: z.array(z.string()).meta({ description: 'Tests of the filter that kept it from matching.' }),
    warning: z.string().nullable(),
    delta: FourCosts,
    after: FourCosts,
    words: z.string(),
  })
  .meta({ id: 'RowStep' });

/** What the partner sees: everything. */
const PartnersRow = z
  .object({
    view: z.literal('partner'),
    rowId: RowId,
    owner: z.string().meta({ description: 'The customer’s id, `unassigned`, or `partner`.' }),
    ownerName: z.string(),
    period: BillingPeriod,
    integrationId: IntegrationId.nullable().meta({ description: 'Null for a row that nobody delivered.' }),
    runId: RunId.nullable(),
    precedence: Precedence.nullable(),
    BillingCurrency: CurrencyCode,
    ChargeCategory: z.string().nullable(),
    ServiceName: z.string().nullable(),
    SubAccountId: z.string().nullable(),
    ChargePeriodStart: z.iso.datetime(),
    delivered: FourCosts,
    steps: z.array(RowStep),
    charged: FourCosts.meta({ description: 'Delivered and all deltas; what the customer ledger holds.' }),
    inLedger: z.boolean().meta({ description: 'False where the row was left out, or is no customer’s.' }),
    words: z.array(z.string()).meta({ description: 'The same from top to bottom, line by line.' }),
  })
  .meta({ id: 'PartnersRow' });

/** What a customer sees: what it is charged, and the name of a charge or credit (`pricing.md` §8). */
const CustomersRow = z
  .object({
    view: z.literal('customer'),
    rowId: RowId,
    customerId: CustomerId,
    period: BillingPeriod,
    BillingCurrency: CurrencyCode,
    ChargeCategory: z.string().nullable(),
    ServiceName: z.string().nullable(),
    ChargeDescription: z.string().nullable(),
    charged: FourCosts,
    words: z.array(z.string()),
  })
  .meta({ id: 'CustomersRow' });

/** Why a row is charged what it is. The deltas of the steps add up from the delivered amounts to the charged ones. */
export const explainRow = contract({
  operationId: 'explainRow',
  method: 'GET',
  path: '/v1/rows/{rowId}/waterfall',
  tag: 'Costs',
  summary: 'Explain a row',
  description:
    'From the delivered amount over the commitment policy and every rule of the run to the charged amount, in words and ' +
    'numbers. All published periods and owners are searched unless the query names them. A customer’s user sees its own ' +
    'rows, and of them only what its ledger holds.',
  roles: ['partner', 'customer'],
  params: z.object({ rowId: RowId }),
  query: z.strictObject({
    period: BillingPeriod.optional(),
    customerId: CustomerId.optional().meta({ description: 'A customer may give its own.' }),
    integrationId: IntegrationId.optional().meta({ description: 'Needed where two integrations deliver alike rows.' }),
  }),
  status: 200,
  answer: z.discriminatedUnion('view', [PartnersRow, CustomersRow]).meta({ id: 'ExplainedRow' }),
  problems: ['not_found', 'published_meanwhile'],
});
