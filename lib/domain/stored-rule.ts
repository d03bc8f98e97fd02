import type { BillingRule } from './billing-rule.ts';
import type { RuleId } from './ids.ts';

/** A billing rule as stored: one immutable version, and its place in the partner's one order (1..n). */
export interface StoredRule {
  readonly id: RuleId;
  readonly version: number;
  readonly order: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly rule: BillingRule;
}
