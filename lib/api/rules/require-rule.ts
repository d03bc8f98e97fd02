import type { RuleId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import type { RuleList } from '../../ports/rule-store.ts';

/** The rule of this id in the list, or 404. */
export function requireRule({ rules }: RuleList, id: RuleId): StoredRule {
  const rule = rules.find((one) => one.id === id);
  if (!rule) throw new Problem('not_found', { what: 'rule', id });
  return rule;
}
