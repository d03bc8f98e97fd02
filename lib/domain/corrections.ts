import { type BillingPeriod, monthAfter } from './billing-period.ts';
import type { AskedCorrection } from './closed-month.ts';
import type { ConfigHistory } from './config-history.ts';

/** A closed month, and what it is corrected by. */
export interface CorrectedMonth extends AskedCorrection {
  readonly month: BillingPeriod;
}

/** The month that carries corrections of a closed one from now on: the next that is open (`pricing.md` §4). */
export function monthForCorrections({ closed }: ConfigHistory, month: BillingPeriod): BillingPeriod {
  let next = monthAfter(month);
  while (closed?.[next] !== undefined) next = monthAfter(next);
  return next;
}

/** The closed months whose corrections a month carries, the first one first. */
export function correctionsIn({ closed = {} }: ConfigHistory, period: BillingPeriod): readonly CorrectedMonth[] {
  const months = (Object.keys(closed) as BillingPeriod[]).sort();
  return months.flatMap((month) => {
    const asked = closed[month]?.corrections?.[period];
    return asked === undefined ? [] : [{ ...asked, month }];
  });
}

/** The months that carry corrections of this one, the first one first. */
export function monthsWithCorrections({ closed }: ConfigHistory, month: BillingPeriod): readonly BillingPeriod[] {
  return (Object.keys(closed?.[month]?.corrections ?? {}) as BillingPeriod[]).sort();
}
