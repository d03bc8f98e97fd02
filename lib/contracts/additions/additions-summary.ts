import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { CurrencyCode } from '../money-text.ts';
import { FourCosts, RowsAndCosts, RuleFigures } from '../runs/run-summary.ts';

/** Charges, credits and corrections of one period and currency, by customer: an entry of the split command's `additions`. */
export const AdditionsSummary = z
  .object({
    period: BillingPeriod,
    currency: CurrencyCode,
    customers: z.array(
      z.object({
        name: z.string(),
        ...RowsAndCosts.shape,
        rules: z.array(RuleFigures),
        corrections: z
          .array(z.object({ period: BillingPeriod, rows: z.int().positive(), delta: FourCosts }))
          .optional()
          .meta({ description: 'Closed months that are corrected here, and by how much.' }),
      }),
    ),
  })
  .meta({ id: 'AdditionsSummary' });
