import { changesRows } from '../domain/changes-rows.ts';
import type { Precedence } from '../domain/settings.ts';
import type { StoredRule } from '../domain/stored-rule.ts';
import { type CommitmentPolicies, NO_POLICIES } from './commitments/commitment-policies.ts';
import { mostRulesSelect, type Pricing, partlyPriced, pricedSelect } from './priced-select.ts';
import type { StoredRowRule } from './stored-row-rule.ts';
import { waterfallSelects } from './waterfall-select.ts';

/**
 * A partner's rules as SQL in the subset that DuckDB and Trino agree on. `steps` is the most rules that act on one row
 * after the other: 1 under `first_match`, else what `mostRules` answers of the very rows to be priced.
 */
export interface CompiledRules {
  /** SELECT of one number, `steps`, over `delivered`; undefined where it is 1 whatever the rows. */
  readonly mostRules: string | undefined;
  /** Tables to be made one after the other before `priced`, where rows have more rules than one statement applies. */
  readonly partlyPriced: (steps: number) => readonly { readonly table: string; readonly select: string }[];
  /** SELECT over `delivered` (`DELIVERED_COLUMNS`) giving `pricedColumns`, a row for a row. */
  readonly priced: (steps: number) => string;
  /** SELECTs over `priced` giving `WATERFALL_COLUMNS`, then `x_Owner`: one, or one per table of `partlyPriced`. */
  readonly waterfall: (steps: number) => readonly string[];
}

/** How rules take precedence, whose commitments are whose, and the run that the waterfall names. */
export interface CompileOptions {
  readonly precedence: Precedence;
  readonly policies?: CommitmentPolicies;
  readonly runId: string;
}

/** Compiles the enabled row rules in order; rules that add rows are priced elsewhere (`lib/pipeline/price-additions`). */
export function compileRules(
  rules: readonly StoredRule[],
  { precedence, policies = NO_POLICIES, runId }: CompileOptions,
): CompiledRules {
  const pricing: Pricing = { rules: rowRulesInOrder(rules), precedence, policies, hasPolicies: policies.size > 0 };
  return {
    mostRules: precedence === 'first_match' ? undefined : mostRulesSelect(pricing).text,
    partlyPriced: (steps) => partlyPriced(pricing, steps).map(({ table, select }) => ({ table, select: select.text })),
    priced: (steps) => pricedSelect(pricing, steps).text,
    waterfall: (steps) => waterfallSelects(pricing, { count: steps, runId }).map(({ text }) => text),
  };
}

/** The enabled rules that act on rows, in the partner's order. */
export function rowRulesInOrder(rules: readonly StoredRule[]): readonly StoredRowRule[] {
  return rules
    .flatMap((stored) => (stored.rule.enabled && changesRows(stored.rule) ? [{ ...stored, rule: stored.rule }] : []))
    .sort((one, other) => one.order - other.order);
}
