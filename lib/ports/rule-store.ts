import type { RuleId } from '../domain/ids.ts';
import type { StoredRule } from './partner-config.ts';

/** The partner's rules in their one order; `orderVersion` changes with every creation, deletion and reorder. */
export interface RuleList {
  readonly rules: readonly StoredRule[];
  readonly orderVersion: number;
}

/**
 * Billing rules: every version is kept, the order is one item, every change is one transaction that raises the
 * configRevision.
 */
export interface RuleStore {
  list(): Promise<RuleList>;
  find(id: RuleId): Promise<StoredRule | undefined>;
  /** Appends the rule at the end of the order. */
  add(rule: Omit<StoredRule, 'order'>, orderVersion: number): Promise<'added' | 'stale'>;
  /** Adds the next version of a rule. */
  replace(rule: StoredRule): Promise<'replaced' | 'stale'>;
  remove(rule: StoredRule, list: RuleList): Promise<'removed' | 'stale'>;
  reorder(ids: readonly RuleId[], orderVersion: number): Promise<'reordered' | 'stale'>;
}
