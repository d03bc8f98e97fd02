import type { ChargeDays } from '../../domain/touched.ts';
import type { CostColumn } from '../../focus/columns.ts';

/** Exact sums of the four costs (or of their deltas), as decimal text. */
export type FourSums = Readonly<Record<CostColumn, string>>;

/** Rows of the cost ledger as written for `owner`; `resolvedOwner` is whose they are by the run's own list of owners. */
export interface WrittenCosts {
  readonly owner: string;
  readonly resolvedOwner: string;
  readonly BillingCurrency: string;
  readonly SubAccountId: string | null;
  readonly rows: number;
  readonly sums: FourSums;
  readonly nulls: Readonly<Record<CostColumn, number>>;
  /** Σ of the rows' fingerprints (`written-content.ts`). */
  readonly content: string;
}

/** Rows of the customer ledger; `foreignRows` name another billing account than the customer's. */
export interface WrittenCharges {
  readonly owner: string;
  readonly BillingCurrency: string;
  readonly rows: number;
  readonly foreignRows: number;
  /** Rows that are a further part of one that was delivered whole. */
  readonly furtherParts: number;
  readonly sums: FourSums;
}

/** Rows of the waterfall under one rule version, or of what commitment policies did. */
export interface WrittenDeltas {
  readonly owner: string;
  readonly BillingCurrency: string;
  readonly stage: string;
  /** Null where no rule acted but a commitment policy. */
  readonly ruleId: string | null;
  readonly ruleVersion: number | null;
  readonly otherRuleId: string | null;
  readonly isApplied: boolean;
  readonly warningCode: string | null;
  readonly rows: number;
  readonly sums: FourSums;
}

/** Everything that the written files say, read from their bytes. */
export interface WrittenTotals {
  readonly costs: readonly WrittenCosts[];
  readonly charges: readonly WrittenCharges[];
  readonly deltas: readonly WrittenDeltas[];
  /** First and last day of ChargePeriodStart in the cost ledgers; null without rows. */
  readonly days: ChargeDays | null;
  /** Rows of the customer ledgers whose id another row of the run has too. */
  readonly repeatedCharges: number;
  /** The same in the cost ledgers. */
  readonly repeatedCosts: number;
  /** Rows of a customer's ledger that its cost ledger does not have. */
  readonly chargesWithoutCost: number;
}
