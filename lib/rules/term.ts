import type { RowRule, RuleOf } from '../domain/billing-rule.ts';
import { ExactDecimal } from '../domain/exact-decimal.ts';

/** How a rule makes new amounts of a row's (`pricing.md` §5 a); several types share one. */
export type Formula = 'to_list' | 'scale' | 'add_list' | 'scale_credit' | 'zero' | 'rate' | 'tiers';

/** A rule as its formula takes it. */
export interface Term {
  readonly formula: Formula;
  /** What amounts are multiplied by, or of the list price is added; at most 6 decimals. */
  readonly factor: ExactDecimal;
  /** The price per unit; 0 where the formula takes none. */
  readonly rate: ExactDecimal;
  /** Whether the row leaves the customer ledger. */
  readonly removes: boolean;
}

const ZERO = new ExactDecimal(0);

/** The term of every type. */
const TERM_OF: { readonly [Type in RowRule['type']]: (rule: RuleOf<Type>) => Term } = {
  adjust_to_list: ({ offsetPercent }) => term('to_list', onePlus(offsetPercent)),
  rerate: ({ base, offsetPercent }) => {
    if (base === 'list_cost') return term('add_list', hundredth(offsetPercent));
    if (base === 'absolute_credits') return term('scale_credit', notNegative(onePlus(offsetPercent)));
    return term('scale', onePlus(offsetPercent));
  },
  operating_margin: ({ base, percent }) =>
    base === 'absolute_credits'
      ? term('scale_credit', notNegative(new ExactDecimal(1).minus(hundredth(percent))))
      : term('scale', onePlus(percent)),
  back_out: ({ mode }) => ({ ...term('zero', ZERO), removes: mode === 'remove' }),
  adjustment: ({ percentShown }) => term('scale', hundredth(percentShown)),
  fixed_rate: ({ rate }) => ({ ...term('rate', ZERO), rate: new ExactDecimal(rate) }),
  tiered_rate: () => term('tiers', ZERO),
};

/** A rule's term. */
export function termOf<Type extends RowRule['type']>(rule: Extract<RowRule, { type: Type }>): Term {
  const type: Type = rule.type;
  return TERM_OF[type](rule);
}

/** A percentage as a share: `-12.5` → −0.125. Exact: 4 decimals become 6. */
export function hundredth(percent: string): ExactDecimal {
  return new ExactDecimal(percent).div(100);
}

function term(formula: Formula, factor: ExactDecimal): Term {
  return { formula, factor, rate: ZERO, removes: false };
}

function onePlus(percent: string): ExactDecimal {
  return hundredth(percent).plus(1);
}

/** A credit never turns into a charge. */
function notNegative(factor: ExactDecimal): ExactDecimal {
  return factor.lt(0) ? ZERO : factor;
}
