import type { RowRule } from '../domain/billing-rule.ts';
import { ExactDecimal } from '../domain/exact-decimal.ts';
import { type Amounts, amountsOf } from './amounts.ts';
import type { DeliveredRow } from './delivered-row.ts';
import { type Formula, type Term, termOf } from './term.ts';
import { tieredCost } from './tiered-cost.ts';

/** What became of a row under the rule chosen for it. */
export type RuleOutcome =
  | { readonly kind: 'priced'; readonly amounts: RowAmounts; readonly isStandardPrice: boolean }
  | { readonly kind: 'removed' }
  | { readonly kind: 'list_price_missing' };

/** The amounts of a row in memory. */
export type RowAmounts = Amounts<ExactDecimal | null>;

interface Given {
  readonly row: DeliveredRow;
  readonly term: Term;
  readonly rule: RowRule;
}

/** The meaning of every formula in exact decimals (`pricing.md` §5 a); what the SQL of `FORMULAS` is held to. */
const MEANING: { readonly [Name in Formula]: (given: Given) => RuleOutcome } = {
  to_list: ({ row, term: { factor } }) => {
    if (isListPriceMissing(row)) return { kind: 'list_price_missing' };
    return {
      ...priced(row, () => times(row.ListCost, factor), times(row.ListUnitPrice, factor)),
      isStandardPrice: true,
    };
  },
  scale: ({ row, term: { factor } }) =>
    priced(row, (cost) => times(row[cost], factor), times(row.ContractedUnitPrice, factor)),
  add_list: ({ row, term: { factor } }) => {
    if (isListPriceMissing(row)) return { kind: 'list_price_missing' };
    const price = plus(row.ContractedUnitPrice, times(row.ListUnitPrice, factor));
    return priced(row, (cost) => plus(row[cost], times(row.ListCost, factor)), price);
  },
  scale_credit: ({ row, term: { factor } }) => {
    const scaled = priced(row, (cost) => times(row[cost], factor), row.ContractedUnitPrice);
    return { ...scaled, amounts: { ...scaled.amounts, ListCost: times(row.ListCost, factor) } };
  },
  zero: ({ row, term: { removes } }) => {
    if (removes) return { kind: 'removed' };
    const zero = new ExactDecimal(0);
    const prices = {
      ContractedUnitPrice: times(row.ContractedUnitPrice, zero),
      ListUnitPrice: times(row.ListUnitPrice, zero),
    };
    return { kind: 'priced', amounts: { ...amountsOf(() => zero), ...prices }, isStandardPrice: false };
  },
  rate: ({ row, term: { rate } }) => {
    const cost = times(row.PricingQuantity, rate)?.toDecimalPlaces(18) ?? null;
    return priced(row, () => cost, rate);
  },
  tiers: ({ row, rule }) => {
    const tiers = rule.type === 'tiered_rate' ? rule.tiers : [];
    const { cost, price } = tieredCost(tiers, new ExactDecimal(0), row.PricingQuantity ?? new ExactDecimal(0));
    return priced(row, () => cost, price);
  },
};

/** Applies a rule to a row that it was chosen for; under a tiered rate, as if it were the first that counts. */
export function applyRule(rule: RowRule, row: DeliveredRow): RuleOutcome {
  const term = termOf(rule);
  return MEANING[term.formula]({ row, term, rule });
}

function priced(
  row: DeliveredRow,
  costOf: (column: 'BilledCost' | 'EffectiveCost' | 'ContractedCost') => ExactDecimal | null,
  ContractedUnitPrice: ExactDecimal | null,
) {
  const amounts = {
    ...amountsOf((column) => row[column]),
    BilledCost: costOf('BilledCost'),
    EffectiveCost: costOf('EffectiveCost'),
    ContractedCost: costOf('ContractedCost'),
    ContractedUnitPrice,
  };
  return { kind: 'priced', amounts, isStandardPrice: false } as const;
}

/** Missing, not free: no list cost, or 0 where the contracted cost is not. */
function isListPriceMissing({ ListCost, ContractedCost }: RowAmounts): boolean {
  return ListCost === null || (ListCost.isZero() && ContractedCost !== null && !ContractedCost.isZero());
}

function times(amount: ExactDecimal | null, factor: ExactDecimal): ExactDecimal | null {
  return amount === null ? null : amount.times(factor);
}

function plus(one: ExactDecimal | null, other: ExactDecimal | null): ExactDecimal | null {
  return one === null || other === null ? null : one.plus(other);
}
