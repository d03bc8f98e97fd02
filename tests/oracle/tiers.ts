import { type DeliveredRow, numberOf, textOf } from './bill.ts';
import { type Fixed, fixed, ZERO } from './fixed.ts';
import type { RowRule } from './rule.ts';

type TieredRate = Extract<RowRule, { type: 'tiered_rate' }>;

/** Some of a row's quantity, and the rate of the tier that it falls into. */
export interface TierPiece {
  readonly quantity: Fixed;
  readonly rate: string;
}

/**
 * Cuts the rows that a rule is applied to at the bounds of its tiers: one counter per customer or sub account, in order of
 * ChargePeriodStart, SubAccountId and row id (`pricing.md` §5 a).
 */
export function cutByTiers(
  rule: TieredRate,
  rows: readonly { readonly row: DeliveredRow; readonly owner: string }[],
): ReadonlyMap<string, readonly TierPiece[]> {
  const counters = new Map<string, Fixed>();
  const pieces = new Map<string, readonly TierPiece[]>();
  const inOrder = [...rows].sort((one, other) => compare(orderOf(one.row), orderOf(other.row)));
  for (const { row, owner } of inOrder) {
    const subAccount = rule.aggregate === 'sub_account' ? (textOf(row, 'SubAccountId') ?? '').toLowerCase() : '';
    const counter = JSON.stringify([owner, subAccount]);
    const from = counters.get(counter) ?? ZERO;
    const to = from + (numberOf(row, 'PricingQuantity') ?? ZERO);
    pieces.set(row.x_RowId, cut(rule, from, to));
    counters.set(counter, to);
  }
  return pieces;
}

/** The way from one count to another, forwards or back, tier by tier; below 0 the first tier's rate holds. */
function cut({ tiers }: TieredRate, from: Fixed, to: Fixed): readonly TierPiece[] {
  const bounds = tiers.map((tier) => ({ from: fixed(tier.from), rate: tier.rate }));
  const [low, high] = from < to ? [from, to] : [to, from];
  const pieces = bounds.flatMap(({ from: start, rate }, at) => {
    const begin = at === 0 || low > start ? low : start;
    const next = bounds[at + 1]?.from;
    const end = next === undefined || high < next ? high : next;
    if (begin >= end) return [];
    return [{ quantity: from < to ? end - begin : begin - end, rate }];
  });
  if (pieces.length > 0) return from < to ? pieces : pieces.reverse();
  return [
    { quantity: ZERO, rate: bounds.findLast(({ from: start }) => start <= from)?.rate ?? bounds[0]?.rate ?? '0' },
  ];
}

function orderOf(row: DeliveredRow): readonly string[] {
  return [row.ChargePeriodStart ?? '', textOf(row, 'SubAccountId') ?? '', row.x_RowId];
}

/** Order of text by code point, one after the other. */
export function compare(one: readonly string[], other: readonly string[]): number {
  for (const [at, text] of one.entries()) {
    const [a, b] = [Buffer.from(text), Buffer.from(other[at] ?? '')];
    const order = Buffer.compare(a, b);
    if (order !== 0) return order;
  }
  return 0;
}
