import { z } from 'zod';

/** A billing period: a calendar month `yyyy-mm` in UTC, the month of a row's BillingPeriodStart. */
export const BillingPeriod = z
  .string()
  .regex(/^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/, 'a month as yyyy-mm')
  .brand('BillingPeriod');
export type BillingPeriod = z.infer<typeof BillingPeriod>;

/** The month after. */
export function monthAfter(period: BillingPeriod): BillingPeriod {
  return BillingPeriod.parse(boundsOf(period).end.slice(0, 'yyyy-mm'.length));
}

/** First instant of the period and of the next one, `yyyy-mm-ddT00:00:00.000Z`: start-inclusive, end-exclusive. */
export function boundsOf(period: BillingPeriod): { start: string; end: string } {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return {
    start: new Date(Date.UTC(year, month - 1, 1)).toISOString(),
    end: new Date(Date.UTC(year, month, 1)).toISOString(),
  };
}
