import type { AdditionsPointer } from '../domain/additions-pointer.ts';
import type { BillingPeriod } from '../domain/billing-period.ts';

/** The pointer to each period's published additions. */
export interface AdditionsStore {
  find(period: BillingPeriod): Promise<AdditionsPointer | undefined>;
  /**
   * Moves the pointer in one transaction: only while the pointer before is number `next.number - 1` (none for 1) and each
   * of `next.sources` still is what its period has published. `'moved'` otherwise: read everything again.
   */
  publish(next: AdditionsPointer): Promise<'published' | 'moved'>;
  /** Notes that the lists are those of this pricing, while it is the one that counts. */
  noteListsWritten(period: BillingPeriod, uuid: string): Promise<void>;
}
