import type { ExactDecimal } from '../domain/exact-decimal.ts';
import type { ColumnField } from '../domain/filter-field.ts';
import type { Amounts } from './amounts.ts';

/** A delivered row in memory, as far as rules read it. A column that is not there is null. */
export interface DeliveredRow extends Amounts<ExactDecimal | null> {
  readonly text: { readonly [Field in ColumnField]?: string | null };
  readonly Tags: Readonly<Record<string, string>> | null;
  readonly PricingQuantity: ExactDecimal | null;
  readonly CommitmentDiscountId: string | null;
  /** `yyyy-mm-ddThh:mm:ss.sssZ`, so that order of text is order of time. */
  readonly ChargePeriodStart: string;
  /** Customer id, or `unassigned`, or `partner`. */
  readonly x_Owner: string;
}
