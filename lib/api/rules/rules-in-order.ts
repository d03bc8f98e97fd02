import type { RuleId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';

/** The rules in the order of `ids`, which must be exactly those there are. */
export function rulesInOrder(rules: readonly StoredRule[], ids: readonly RuleId[]): readonly StoredRule[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule] as const));
  const ordered = ids.flatMap((id) => byId.get(id) ?? []);
  if (new Set(ids).size !== rules.length || ordered.length !== rules.length)
    throw new Problem('invalid_request', {
      errors: [{ pointer: '/ruleIds', detail: `name each of the ${rules.length} rules exactly once` }],
    });
  return ordered;
}
