import type { StoredRule } from '../domain/stored-rule.ts';
import { appliesTo } from './applies-to.ts';
import { applyRule, type RuleOutcome } from './apply-rule.ts';
import { rowRulesInOrder } from './compile-rules.ts';
import type { DeliveredRow } from './delivered-row.ts';

/** What the rules make of one row under `first_match`. */
export interface PricedRow {
  /** The rule that was applied, with what came of it; neither where no rule is applicable. */
  readonly rule?: StoredRule;
  readonly outcome?: RuleOutcome;
  /** Applicable back-outs that an earlier rule of another type kept from acting. */
  readonly shadowed: readonly StoredRule[];
}

/** Prices one row in memory: the first applicable rule in order is used, the rest are not (`pricing.md` §6). */
export function priceRow(rules: readonly StoredRule[], row: DeliveredRow): PricedRow {
  const [first, ...rest] = rowRulesInOrder(rules).filter(({ rule }) => appliesTo(rule, row));
  if (first === undefined) return { shadowed: [] };
  return {
    rule: first,
    outcome: applyRule(first.rule, row),
    shadowed: rest.filter(({ rule }) => rule.type === 'back_out' && first.rule.type !== 'back_out'),
  };
}
