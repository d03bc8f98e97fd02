import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId } from '../../domain/ids.ts';
import { CurrencyCode, MoneyText } from '../money-text.ts';

/** The four costs, exact. */
export const FourCosts = z
  .object({ BilledCost: MoneyText, EffectiveCost: MoneyText, ListCost: MoneyText, ContractedCost: MoneyText })
  .meta({ id: 'FourCosts' });

/** Rows and their four costs. */
export const RowsAndCosts = z.object({ rows: z.int().nonnegative(), ...FourCosts.shape }).meta({ id: 'RowsAndCosts' });

/** What one rule did to a customer: rows it was applied to, also 0, and the exact change. */
export const RuleFigures = z
  .object({ name: z.string(), rows: z.int().nonnegative(), delta: FourCosts })
  .meta({ id: 'RuleFigures' });

/** One customer of a run. */
export const CustomerFigures = z
  .object({
    name: z.string(),
    /** The customer's id. The split command puts the name of its output folder here. */
    folder: z.string(),
    delivered: RowsAndCosts,
    charged: RowsAndCosts,
    commitments: z.object({ rows: z.int().nonnegative(), delta: FourCosts }),
    rules: z.array(RuleFigures),
  })
  .meta({ id: 'CustomerFigures' });

/** A condition that people should look at; it stops nothing. */
export const RunWarning = z
  .object({
    code: z.string(),
    rule: z.string().optional(),
    otherRule: z.string().optional(),
    customer: z.string().optional(),
    column: z.string().optional(),
    rows: z.int().nonnegative(),
  })
  .meta({ id: 'RunWarning' });

/** The figures of one run in one currency: an entry of the split command's `runs` (`split-command.md`). */
export const RunSummary = z
  .object({
    integrationId: IntegrationId,
    period: BillingPeriod,
    currency: CurrencyCode,
    reconciled: z.boolean(),
    delivered: RowsAndCosts,
    ingestRounding: FourCosts,
    customers: z.array(CustomerFigures),
    unassigned: RowsAndCosts,
    partner: RowsAndCosts,
    warnings: z.array(RunWarning),
  })
  .meta({ id: 'RunSummary' });
