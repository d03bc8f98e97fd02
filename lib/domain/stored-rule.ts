import type { BillingRule } from './billing-rule.ts';
import type { RuleId } from './ids.ts';

/** A billing rule as stored: one immutable version, and its place in the partner's one order (1..n). */
export interface StoredRule {
  readonly id: RuleId;
  readonly version: number;
  readonly order: number;
  readonly createdAt: string;
  /** When the first version was made, where this is a later one: rules have an order of creation too (`pricing.md` §6). */
  readonly firstCreatedAt?: string | undefined;
  readonly createdBy: string;
  readonly rule: BillingRule;
}
