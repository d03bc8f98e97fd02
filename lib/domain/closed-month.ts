import { z } from 'zod';
import { BillingPeriod } from './billing-period.ts';

/** One pricing of a closed month by a later configuration, whose difference an open month carries. */
export const AskedCorrection = z.object({
  at: z.iso.datetime(),
  /** The configRevision that it is priced with, and where that configuration lies in the lake (`LAKE.frozenConfig`). */
  revision: z.int().nonnegative(),
  key: z.string(),
});
export type AskedCorrection = z.infer<typeof AskedCorrection>;

/** A month that the partner has closed. */
export const ClosedMonth = z.object({
  at: z.iso.datetime(),
  /** The configRevision that it is priced with from now on. */
  revision: z.int().nonnegative(),
  /** Where the configuration of that revision lies in the lake (`LAKE.frozenConfig`). */
  key: z.string(),
  /** By integration, the deliverySeq up to which the partner has asked to have it priced again. */
  repriceAsked: z.record(z.string(), z.string()).optional(),
  /** By the month that carries it, what the partner has asked to be corrected (`pricing.md` §4). */
  corrections: z.record(BillingPeriod, AskedCorrection).optional(),
});
export type ClosedMonth = z.infer<typeof ClosedMonth>;
