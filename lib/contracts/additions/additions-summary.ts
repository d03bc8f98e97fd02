import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CurrencyCode } from '../money-text.ts';
import { RowsAndCosts, RuleFigures } from '../runs/run-summary.ts';

/** Charges and credits of one period and currency, by customer: an entry of the split command's `additions`. */
export const AdditionsSummary = z
  .object({
    period: BillingPeriod,
    currency: CurrencyCode,
    customers: z.array(z.object({ name: z.string(), ...RowsAndCosts.shape, rules: z.array(RuleFigures) })),
  })
  .meta({ id: 'AdditionsSummary' });
