import type { RowRule } from '../domain/billing-rule.ts';
import type { StoredRule } from '../domain/stored-rule.ts';
import { pricedSelect } from './priced-select.ts';
import { RULE_SQL } from './rule-sql.ts';
import type { StoredRowRule } from './terms.ts';
import { waterfallSelect } from './waterfall-select.ts';

/** A partner's rules as SQL in the subset that DuckDB and Trino agree on. */
export interface CompiledRules {
  /** SELECT over `delivered` (`DELIVERED_COLUMNS`) giving `PRICED_COLUMNS`, a row for a row. */
  readonly priced: string;
  /** SELECT over `priced` giving `WATERFALL_COLUMNS`, then `x_Owner`. */
  readonly waterfall: string;
}

/** How rules take precedence, and the run that the waterfall names. */
export interface CompileOptions {
  readonly precedence: 'first_match';
  readonly runId: string;
}

/** Compiles the enabled row rules in order; rules that add rows are priced elsewhere (`lib/pipeline/price-additions`). */
export function compileRules(rules: readonly StoredRule[], { runId }: CompileOptions): CompiledRules {
  const inOrder = rowRulesInOrder(rules);
  return { priced: pricedSelect(inOrder).text, waterfall: waterfallSelect(inOrder, runId).text };
}

/** The enabled rules that act on rows, in the partner's order. */
export function rowRulesInOrder(rules: readonly StoredRule[]): readonly StoredRowRule[] {
  return rules
    .flatMap((stored) => (stored.rule.enabled && isRowRule(stored.rule) ? [{ ...stored, rule: stored.rule }] : []))
    .sort((one, other) => one.order - other.order);
}

/** A type changes rows where it has formulas; the others add some. */
function isRowRule(rule: StoredRule['rule']): rule is RowRule {
  return Object.hasOwn(RULE_SQL, rule.type);
}
