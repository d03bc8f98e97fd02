import type { RowRule, RuleOf } from '../domain/billing-rule.ts';
import { ExactDecimal } from '../domain/exact-decimal.ts';
import { type Amounts, amountsOf } from './amounts.ts';
import { factorOf } from './factor.ts';

/** What became of a row under the rule chosen for it. */
export type RuleOutcome =
  | { readonly kind: 'priced'; readonly amounts: RowAmounts; readonly isStandardPrice: boolean }
  | { readonly kind: 'removed' }
  | { readonly kind: 'list_price_missing' };

/** The amounts of a row in memory. */
export type RowAmounts = Amounts<ExactDecimal | null>;

/** The meaning of every type in exact decimals (`pricing.md` §5 a); what the SQL of `RULE_SQL` is held to. */
const MEANING: { readonly [Type in RowRule['type']]: (rule: RuleOf<Type>, amounts: RowAmounts) => RuleOutcome } = {
  adjust_to_list: ({ offsetPercent }, amounts) => {
    if (isListPriceMissing(amounts)) return { kind: 'list_price_missing' };
    const cost = times(amounts.ListCost, factorOf(offsetPercent));
    const price = times(amounts.ListUnitPrice, factorOf(offsetPercent));
    const set = { BilledCost: cost, EffectiveCost: cost, ContractedCost: cost, ContractedUnitPrice: price };
    return { kind: 'priced', amounts: { ...amounts, ...set }, isStandardPrice: true };
  },
  rerate: ({ offsetPercent }, amounts) => {
    const scaled = amountsOf((column) => times(amounts[column], factorOf(offsetPercent)));
    const { ListCost, ListUnitPrice } = amounts;
    return { kind: 'priced', amounts: { ...scaled, ListCost, ListUnitPrice }, isStandardPrice: false };
  },
  back_out: ({ mode }, amounts) => {
    if (mode === 'remove') return { kind: 'removed' };
    const zero = new ExactDecimal(0);
    const prices = {
      ContractedUnitPrice: times(amounts.ContractedUnitPrice, zero),
      ListUnitPrice: times(amounts.ListUnitPrice, zero),
    };
    return { kind: 'priced', amounts: { ...amountsOf(() => zero), ...prices }, isStandardPrice: false };
  },
};

/** Applies a rule to the amounts of a row that it was chosen for. */
export function applyRule<Type extends RowRule['type']>(
  rule: Extract<RowRule, { type: Type }>,
  amounts: RowAmounts,
): RuleOutcome {
  const type: Type = rule.type;
  return MEANING[type](rule, amounts);
}

/** Missing, not free: no list cost, or 0 where the contracted cost is not. */
function isListPriceMissing({ ListCost, ContractedCost }: RowAmounts): boolean {
  return ListCost === null || (ListCost.isZero() && ContractedCost !== null && !ContractedCost.isZero());
}

function times(amount: ExactDecimal | null, factor: ExactDecimal): ExactDecimal | null {
  return amount === null ? null : amount.times(factor);
}
