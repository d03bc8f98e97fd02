import type { Day } from '../domain/day.ts';

/** What the partner says beside the source, because the source does not. */
export interface ImportOptions {
  /** Whose rows the rules act on, where the source does not say "all": names, or `'all'`. */
  readonly customers: 'all' | readonly string[];
  /** First day of rules that have none in the source: the first day of data (`acceptance.md` VM-23). */
  readonly startDate?: Day | undefined;
  /** The unit that fixed rates are for: a price book names none, and ours act on rows of one unit only. */
  readonly pricingUnit?: string | undefined;
}

/** A rule of ours before it is parsed: the wire form of `pricing.md` §4. */
export type RuleDraft = Readonly<Record<string, unknown>> & { readonly name: string; readonly type: string };

/** What became of one rule of the source. */
export interface ImportNote {
  /** Where in the source, in words: `RuleGroup 1, BillingRule "EC2"`. */
  readonly where: string;
  /** `left_out`: no rule of ours says it. `reads_otherwise`: ours differs from it in this. */
  readonly kind: 'left_out' | 'reads_otherwise';
  readonly what: string;
}

/** The rules of ours, in the order of the source, and everything that the source said and they do not. */
export interface ImportedRules {
  readonly rules: readonly RuleDraft[];
  readonly notes: readonly ImportNote[];
}

/** Joins what several parts of a source gave, in their order. */
export function joinImports(parts: readonly ImportedRules[]): ImportedRules {
  return { rules: parts.flatMap(({ rules }) => rules), notes: parts.flatMap(({ notes }) => notes) };
}

/** A part of the source that no rule of ours says. */
export function leftOut(where: string, what: string): ImportedRules {
  return { rules: [], notes: [{ where, kind: 'left_out', what }] };
}
