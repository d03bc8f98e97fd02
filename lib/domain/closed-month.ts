import { z } from 'zod';

/** A month that the partner has closed. */
export const ClosedMonth = z.object({
  at: z.iso.datetime(),
  /** The configRevision that it is priced with from now on. */
  revision: z.int().nonnegative(),
  /** Where the configuration of that revision lies in the lake (`LAKE.frozenConfig`). */
  key: z.string(),
  /** By integration, the deliverySeq up to which the partner has asked to have it priced again. */
  repriceAsked: z.record(z.string(), z.string()).optional(),
});
export type ClosedMonth = z.infer<typeof ClosedMonth>;
