import type { Precedence } from '../domain/settings.ts';
import { actsOn } from './acts-on.ts';
import { appliesTo, isInDate, isInScope } from './applies-to.ts';
import { type DecidingLeaf, decidingLeaves } from './conditions/deciding-leaves.ts';
import type { DeliveredRow } from './delivered-row.ts';
import { inOrderOfCreation, settingRules } from './matched.ts';
import type { StoredRowRule } from './stored-row-rule.ts';

/** What came of a rule on one row: it was applied, or the first reason, in this order, why it was not. */
export type Verdict =
  | { readonly kind: 'out_of_scope' }
  | { readonly kind: 'out_of_date' }
  /** Its type leaves such rows alone (`pricing.md` §5). */
  | { readonly kind: 'other_kind_of_row' }
  | { readonly kind: 'filter'; readonly leaves: readonly DecidingLeaf[] }
  /** Applicable, and kept from acting by another rule. */
  | { readonly kind: 'shadowed'; readonly by: StoredRowRule }
  | { readonly kind: 'applied' };

/** A rule with what came of it. */
export interface Judged {
  readonly stored: StoredRowRule;
  readonly verdict: Verdict;
}

/** What came of every rule on one row, in the partner's order; none is looked at for a row that is no customer's. */
export function judgeRules(
  rules: readonly StoredRowRule[],
  row: DeliveredRow,
  precedence: Precedence,
): readonly Judged[] {
  const applicable = rules.filter(({ rule }) => appliesTo(rule, row));
  const shadowedBy = SHADOWED[precedence](applicable);
  return rules.map((stored) => {
    const by = shadowedBy.get(stored.id);
    const reason = reasonAgainst(stored, row);
    return { stored, verdict: reason ?? (by === undefined ? { kind: 'applied' } : { kind: 'shadowed', by }) };
  });
}

function reasonAgainst({ rule }: StoredRowRule, row: DeliveredRow): Verdict | undefined {
  if (!isInScope(rule, row)) return { kind: 'out_of_scope' };
  if (!isInDate(rule, row)) return { kind: 'out_of_date' };
  if (!actsOn(rule, row)) return { kind: 'other_kind_of_row' };
  const leaves = rule.filter === undefined ? [] : decidingLeaves(rule.filter, row);
  return leaves.length === 0 ? undefined : { kind: 'filter', leaves };
}

/** Of the applicable rules those that another keeps from acting, and which one does (`pricing.md` §6). */
const SHADOWED: {
  readonly [Mode in Precedence]: (applicable: readonly StoredRowRule[]) => ReadonlyMap<string, StoredRowRule>;
} = {
  first_match: ([first, ...rest]) => shadowing(rest, first),
  independent: (applicable) => {
    const backOuts = inOrderOfCreation(applicable.filter(({ rule }) => rule.type === 'back_out'));
    const backOut = backOuts.find(({ rule }) => rule.type === 'back_out' && rule.mode === 'remove') ?? backOuts[0];
    if (backOut !== undefined)
      return shadowing(
        applicable.filter((stored) => stored !== backOut),
        backOut,
      );
    const [earliest, ...others] = settingRules(applicable);
    return shadowing(others, earliest);
  },
  sequential: (applicable) => {
    const end = applicable.findIndex(({ rule }) => rule.type === 'back_out');
    return shadowing(applicable.slice(end + 1), applicable[end]);
  },
};

function shadowing(
  losers: readonly StoredRowRule[],
  by: StoredRowRule | undefined,
): ReadonlyMap<string, StoredRowRule> {
  return by === undefined ? new Map() : new Map(losers.map(({ id }) => [id, by]));
}
