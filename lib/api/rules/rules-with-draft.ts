import type { BillingRule } from '../../domain/billing-rule.ts';
import { RuleId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';

/** A rule that is not there yet is created after all others. */
const LAST = '9999-12-31T00:00:00.000Z';
/** Stands for a rule that has no id yet; an id of ours is hexadecimal, so no rule has this one. */
const NO_ID = RuleId.parse('rul_draftdraftdraft00');

/** The partner's rules as if a draft were one of them. */
export interface RulesWithDraft {
  /** Orders are 1..n without a gap. */
  readonly rules: readonly StoredRule[];
  readonly draft: StoredRule;
}

/**
 * Puts a draft among the stored rules: at `order` (default: the end), or as the next version of the rule `replaced`.
 * Throws Problem `not_found`, `rule_type_immutable`, or `invalid_request` for a place beyond the end.
 */
export function rulesWithDraft(
  stored: readonly StoredRule[],
  rule: BillingRule,
  { order, replaced }: { order?: number | undefined; replaced?: RuleId | undefined },
): RulesWithDraft {
  const before = stored.find(({ id }) => id === replaced);
  if (replaced !== undefined && before === undefined) throw new Problem('not_found', { what: 'rule', id: replaced });
  if (before !== undefined && before.rule.type !== rule.type)
    throw new Problem('rule_type_immutable', { was: before.rule.type, now: rule.type });
  const others = stored.filter(({ id }) => id !== replaced);
  const place = order ?? before?.order ?? others.length + 1;
  if (place > others.length + 1)
    throw new Problem('invalid_request', {
      errors: [{ pointer: '/order', detail: `a place from 1 to ${others.length + 1}` }],
    });
  const draft = {
    id: before?.id ?? NO_ID,
    version: (before?.version ?? 0) + 1,
    order: place,
    createdAt: before?.firstCreatedAt ?? before?.createdAt ?? LAST,
    createdBy: '',
  };
  const inserted = others.toSpliced(place - 1, 0, { ...draft, rule: { ...rule, enabled: true } });
  const rules = inserted.map((one, index) => ({ ...one, order: index + 1 }));
  return { rules, draft: { ...draft, rule: { ...rule, enabled: true } } };
}
