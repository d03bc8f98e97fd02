import { ExactDecimal } from '../domain/exact-decimal.ts';

/**
 * What a quantity costs in graduated tiers when the counter stands at `counted`, and the price of the tier it begins in.
 * A negative quantity takes the counter back down, below 0 at the first tier's price (`pricing.md` §5 a). Each tier's
 * part is rounded to 18 decimals.
 */
export function tieredCost(
  tiers: readonly { readonly from: string; readonly rate: string }[],
  counted: ExactDecimal,
  quantity: ExactDecimal,
): { readonly cost: ExactDecimal; readonly price: ExactDecimal } {
  const isBack = quantity.lt(0);
  const [lower, upper] = isBack ? [counted.plus(quantity), counted] : [counted, counted.plus(quantity)];
  const parts = tiers.flatMap(({ from, rate }, at) => {
    const start = at === 0 ? lower : ExactDecimal.max(lower, from);
    const next = tiers[at + 1];
    const end = next === undefined ? upper : ExactDecimal.min(upper, next.from);
    const holds = end.gt(start) || (quantity.isZero() && end.eq(start) && (next === undefined || end.lt(next.from)));
    return holds ? [{ amount: end.minus(start), rate: new ExactDecimal(rate) }] : [];
  });
  const sum = parts.reduce(
    (total, { amount, rate }) => total.plus(amount.times(rate).toDecimalPlaces(18)),
    new ExactDecimal(0),
  );
  return { cost: isBack ? sum.negated() : sum, price: parts.at(isBack ? -1 : 0)?.rate ?? new ExactDecimal(0) };
}
