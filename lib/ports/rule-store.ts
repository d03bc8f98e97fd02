import type { RuleId } from '../domain/ids.ts';
import type { StoredRule } from '../domain/stored-rule.ts';

/** The partner's rules in their one order; `orderVersion` changes with every creation, deletion and reorder. */
export interface RuleList {
  readonly rules: readonly StoredRule[];
  readonly orderVersion: number;
}

/**
 * Billing rules: every version is kept, the order is one item, every change is one transaction that raises the
 * configRevision. `'stale'`: the order or the rule has moved on, nothing was written.
 */
export interface RuleStore {
  list(): Promise<RuleList>;
  /** Appends the rule at the end of the order that `list` shows. */
  add(rule: Omit<StoredRule, 'order'>, list: RuleList): Promise<'added' | 'stale'>;
  /** Adds the next version of a rule. */
  replace(rule: StoredRule): Promise<'replaced' | 'stale'>;
  remove(rule: StoredRule, list: RuleList): Promise<'removed' | 'stale'>;
  reorder(ids: readonly RuleId[], list: RuleList): Promise<'reordered' | 'stale'>;
}
