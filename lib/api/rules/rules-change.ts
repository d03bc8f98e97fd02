import type { PreviewRequest } from '../../contracts/rules/preview-rule.ts';
import { changesRows } from '../../domain/changes-rows.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { acceptRule } from './accept-rule.ts';
import { rulesInOrder } from './rules-in-order.ts';
import { rulesWithDraft } from './rules-with-draft.ts';

/** A change of the rules that is only thought of. */
export interface RulesChange {
  readonly before: readonly StoredRule[];
  /** Orders are 1..n without a gap. */
  readonly after: readonly StoredRule[];
  /** The rule that the change is about, as it is now: neither for a rule that is new nor for an order. */
  readonly replaced?: StoredRule | undefined;
  /** The same as it would be; absent for a deletion. */
  readonly draft?: StoredRule | undefined;
  /** Whose rows can come out differently. */
  readonly scope: 'all' | readonly CustomerId[];
}

/** The change that a preview asks for. Throws the Problem that the change itself would be refused with. */
export async function rulesChange(
  stored: readonly StoredRule[],
  request: PreviewRequest,
  customers: Pick<CustomerStore, 'find'>,
): Promise<RulesChange> {
  const { rule: given, order, ruleId, deleteRuleId, ruleIds } = request;
  if (given !== undefined) {
    const rule = await acceptRule(given, customers);
    const { rules, draft } = rulesWithDraft(stored, rule, { order, replaced: ruleId });
    const replaced = stored.find(({ id }) => id === ruleId);
    return { before: stored, after: rules, draft, replaced, scope: joined([draft, ...(replaced ? [replaced] : [])]) };
  }
  if (deleteRuleId !== undefined) {
    const replaced = stored.find(({ id }) => id === deleteRuleId);
    if (replaced === undefined) throw new Problem('not_found', { what: 'rule', id: deleteRuleId });
    const after = renumbered(stored.filter((one) => one !== replaced));
    return { before: stored, after, replaced, scope: joined([replaced]) };
  }
  const after = renumbered(rulesInOrder(stored, ruleIds ?? []));
  return { before: stored, after, scope: joined(stored.filter(({ rule }) => changesRows(rule))) };
}

function renumbered(rules: readonly StoredRule[]): readonly StoredRule[] {
  return rules.map((one, index) => ({ ...one, order: index + 1 }));
}

function joined(rules: readonly StoredRule[]): 'all' | readonly CustomerId[] {
  const named = rules.flatMap(({ rule }) => (rule.customers === 'all' ? [] : rule.customers));
  return rules.some(({ rule }) => rule.customers === 'all') ? 'all' : [...new Set(named)];
}
