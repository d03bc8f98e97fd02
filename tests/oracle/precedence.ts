import type { RowRule } from './rule.ts';

/** The partner's setting (`pricing.md` §6). */
export type Precedence = 'first_match' | 'independent' | 'sequential';

/** Which of a row's applicable rules are applied to it, in turn, and what is to be warned of. */
export interface Choice {
  readonly applied: readonly RowRule[];
  readonly shadowed: readonly RowRule[];
  readonly ambiguous: readonly { readonly rule: RowRule; readonly otherRule: RowRule }[];
}

const NOTHING: Choice = { applied: [], shadowed: [], ambiguous: [] };

/** What each mode does with the applicable rules, which are given in order. */
const CHOICES: { readonly [Mode in Precedence]: (applicable: readonly RowRule[]) => Choice } = {
  first_match: (applicable) => {
    const [first, ...rest] = applicable;
    if (first === undefined) return NOTHING;
    const isBackOut = first.type === 'back_out';
    return { ...NOTHING, applied: [first], shadowed: rest.filter(({ type }) => type === 'back_out' && !isBackOut) };
  },
  independent: (applicable) => {
    const byCreation = [...applicable].sort((one, other) => one.created - other.created);
    const backOut = byCreation.find((rule) => isBackOut(rule, 'remove')) ?? byCreation.find((rule) => isBackOut(rule));
    if (backOut !== undefined) return { ...NOTHING, applied: [backOut] };
    const [winner, ...losers] = byCreation.filter(isSetRule);
    if (winner === undefined) return { ...NOTHING, applied: applicable };
    return {
      ...NOTHING,
      applied: applicable.filter((rule) => !losers.includes(rule)),
      ambiguous: losers.map((otherRule) => ({ rule: winner, otherRule })),
    };
  },
  sequential: (applicable) => {
    const end = applicable.findIndex((rule) => isBackOut(rule));
    return { ...NOTHING, applied: end === -1 ? applicable : applicable.slice(0, end + 1) };
  },
};

/** Chooses among the rules that are applicable to a row, given in the partner's order. */
export function choose(applicable: readonly RowRule[], precedence: Precedence): Choice {
  return CHOICES[precedence](applicable);
}

/** A rule that sets the price instead of changing it. */
export function isSetRule({ type }: RowRule): boolean {
  return type === 'adjust_to_list' || type === 'fixed_rate' || type === 'tiered_rate';
}

function isBackOut(rule: RowRule, mode?: 'remove'): boolean {
  return rule.type === 'back_out' && (mode === undefined || (rule.mode ?? 'remove') === mode);
}
