import { z } from 'zod';
import { PARTNER, UNASSIGNED } from '../names/tables.ts';
import type { BillingPeriod } from './billing-period.ts';
import { Day } from './day.ts';
import { CustomerId } from './ids.ts';

/** What a change of configuration can touch: it is stored beside the revision that it makes, in the same transaction. */
export const Touched = z.object({
  /** First and last day of charges (inclusive); null is unbounded. */
  from: Day.nullable(),
  to: Day.nullable(),
  customers: z.union([z.literal('all'), z.array(CustomerId)]),
  /** Whether rows may get another owner: then the owners that a period has do not tell whose rows they will be. */
  ownership: z.boolean(),
  /** Whether rows of bills are priced by it, and whether charges that are added to a period are. */
  rows: z.boolean(),
  additions: z.boolean(),
});
export type Touched = z.infer<typeof Touched>;

/** First and last day (inclusive) on which a published run has charges; null where it has no rows. */
export const ChargeDays = z.object({ first: Day, last: Day });
export type ChargeDays = z.infer<typeof ChargeDays>;

/** What is known of a published run's rows. Without `days` (a run from before they were kept) any day counts. */
export interface PublishedRows {
  readonly days?: ChargeDays | null | undefined;
  readonly owners: readonly string[];
}

/** Whether the change can make any of these rows come out differently. */
export function touchesRows(touched: Touched, { days, owners }: PublishedRows): boolean {
  if (!touched.rows || days === null) return false;
  if (days !== undefined && !overlaps(touched, days.first, days.last)) return false;
  if (touched.ownership) return true;
  const { customers } = touched;
  if (customers === 'all') return owners.some((owner) => owner !== UNASSIGNED && owner !== PARTNER);
  return customers.some((id) => owners.includes(id));
}

/** Whether the change can make what is added to a month come out differently. */
export function touchesAdditions(touched: Touched, period: BillingPeriod): boolean {
  return touched.additions && touchesMonth(touched, period);
}

/** Whether the change has a day in this month. */
export function touchesMonth(touched: Touched, period: BillingPeriod): boolean {
  return overlaps(touched, `${period}-01`, `${period}-31`);
}

/** The days and customers of both together; never less than either. */
export function joinTouched(one: Touched, other: Touched): Touched {
  return {
    from: one.from === null || other.from === null ? null : one.from < other.from ? one.from : other.from,
    to: one.to === null || other.to === null ? null : one.to > other.to ? one.to : other.to,
    customers: one.customers === 'all' || other.customers === 'all' ? 'all' : union(one.customers, other.customers),
    ownership: one.ownership || other.ownership,
    rows: one.rows || other.rows,
    additions: one.additions || other.additions,
  };
}

function union(some: readonly CustomerId[], others: readonly CustomerId[]): CustomerId[] {
  return [...new Set([...some, ...others])];
}

function overlaps({ from, to }: Touched, first: string, last: string): boolean {
  return (from === null || from <= last) && (to === null || first <= to);
}
