import type { RuleOf } from '../domain/billing-rule.ts';
import { ExactDecimal } from '../domain/exact-decimal.ts';
import { hundredth } from './term.ts';

/**
 * What a percentage charge takes of the sum it is of (`pricing.md` §5 c): the sum rounded to 12 decimals, a negative one
 * counting as 0; graduated by tiers; never below the minimum; as a credit with its sign turned last.
 */
export function percentageOf(
  { percent, tiers, minimum, as }: Pick<RuleOf<'percentage_charge'>, 'percent' | 'tiers' | 'minimum' | 'as'>,
  sum: ExactDecimal,
): ExactDecimal {
  const base = ExactDecimal.max(0, sum.toDecimalPlaces(12));
  const graduated = tiers ?? [{ percent: percent ?? '0' }];
  const whole = graduated.reduce((total, tier, at) => {
    const from = new ExactDecimal(graduated[at - 1]?.upTo ?? 0);
    const to = tier.upTo === undefined ? base : ExactDecimal.min(base, tier.upTo);
    return to.gt(from) ? total.plus(to.minus(from).times(hundredth(tier.percent))) : total;
  }, new ExactDecimal(0));
  const charged = ExactDecimal.max(whole, minimum ?? 0);
  return as === 'credit' ? charged.negated() : charged;
}
