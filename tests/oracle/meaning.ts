import { type Amounts, COSTS, eachAmount } from './bill.ts';
import { type Fixed, fixed, sumOf, times, ZERO } from './fixed.ts';
import type { RowRule } from './rule.ts';

/** A row, or the piece of one that a tier made, as a rule meets it. */
export interface Piece {
  readonly quantity: Fixed | null;
  /** The amounts that the rule sees. */
  readonly amounts: Amounts;
  /** Its price where a `tiered_rate` has cut it out. */
  readonly tierRate?: string;
}

/** What a rule makes of a piece. */
export type Outcome =
  | { readonly kind: 'priced'; readonly amounts: Amounts }
  | { readonly kind: 'list_price_missing' }
  | { readonly kind: 'removed'; readonly amounts: Amounts };

type RuleOf<Type extends RowRule['type']> = Extract<RowRule, { type: Type }>;
type Meaning<Rule> = (rule: Rule, piece: Piece, original: Amounts) => Outcome;

/** The meaning of every type that changes rows (`pricing.md` §5 a). */
const MEANING: { readonly [Type in RowRule['type']]: Meaning<RuleOf<Type>> } = {
  adjust_to_list: ({ offsetPercent = '0' }, { amounts }, original) => {
    if (isListPriceMissing(original)) return { kind: 'list_price_missing' };
    const factor = oneAnd(offsetPercent);
    const cost = scaled(amounts.ListCost, factor);
    return set(amounts, cost, scaled(amounts.ListUnitPrice, factor));
  },
  rerate: (rule, { amounts }, original) => {
    if (rule.base === 'billed_cost') return priced(costsScaled(amounts, oneAnd(rule.offsetPercent)));
    if (rule.base === 'absolute_credits') return priced(creditScaled(amounts, oneAnd(rule.offsetPercent)));
    if (isListPriceMissing(original)) return { kind: 'list_price_missing' };
    return priced(raisedByList(amounts, percent(rule.offsetPercent)));
  },
  operating_margin: (rule, { amounts }) =>
    rule.base === 'billed_cost'
      ? priced(costsScaled(amounts, oneAnd(rule.percent)))
      : priced(creditScaled(amounts, fixed('1') - percent(rule.percent))),
  back_out: ({ mode = 'remove' }, { amounts }) => ({
    kind: mode === 'remove' ? 'removed' : 'priced',
    amounts: eachAmount(amounts, (value, name) => (isCost(name) || value !== null ? ZERO : null)),
  }),
  adjustment: ({ percentShown }, { amounts }) => priced(costsScaled(amounts, percent(percentShown))),
  fixed_rate: ({ rate }, { amounts, quantity }) => set(amounts, times(fixed(rate), quantity ?? ZERO), fixed(rate)),
  tiered_rate: (_rule, { amounts, quantity, tierRate = '0' }) =>
    set(amounts, times(fixed(tierRate), quantity ?? ZERO), fixed(tierRate)),
};

/** Applies a rule to a piece; `original` are the row's amounts after the commitment policy, before any rule. */
export function outcomeOf<Type extends RowRule['type']>(
  rule: Extract<RowRule, { type: Type }>,
  piece: Piece,
  original: Amounts,
): Outcome {
  const type: Type = rule.type;
  return (MEANING[type] as Meaning<RowRule>)(rule, piece, original);
}

/** A row whose amounts are not known yet counts as 0. */
export function deltaOf(after: Amounts, before: Amounts): { readonly [Cost in (typeof COSTS)[number]]: Fixed } {
  const delta = (cost: (typeof COSTS)[number]) => sumOf([after[cost]]) - sumOf([before[cost]]);
  return {
    BilledCost: delta('BilledCost'),
    EffectiveCost: delta('EffectiveCost'),
    ContractedCost: delta('ContractedCost'),
    ListCost: delta('ListCost'),
  };
}

/** Missing, not free (`pricing.md` §5). */
function isListPriceMissing({ ListCost, ContractedCost }: Amounts): boolean {
  if (ListCost === null) return true;
  return ListCost === ZERO && ContractedCost !== null && ContractedCost !== ZERO;
}

function priced(amounts: Amounts): Outcome {
  return { kind: 'priced', amounts };
}

function set(amounts: Amounts, cost: Fixed | null, price: Fixed | null): Outcome {
  return priced({
    ...amounts,
    BilledCost: cost,
    EffectiveCost: cost,
    ContractedCost: cost,
    ContractedUnitPrice: price,
  });
}

function costsScaled(amounts: Amounts, factor: Fixed): Amounts {
  return eachAmount(amounts, (value, name) =>
    name === 'ListCost' || name === 'ListUnitPrice' ? value : scaled(value, factor),
  );
}

/** A credit never turns into a charge. */
function creditScaled(amounts: Amounts, factor: Fixed): Amounts {
  return eachAmount(amounts, (value, name) => (isCost(name) ? scaled(value, factor > ZERO ? factor : ZERO) : value));
}

function raisedByList(amounts: Amounts, part: Fixed): Amounts {
  const raised = (value: Fixed | null, list: Fixed | null) =>
    value === null || list === null ? null : value + times(list, part);
  return {
    ...amounts,
    BilledCost: raised(amounts.BilledCost, amounts.ListCost),
    EffectiveCost: raised(amounts.EffectiveCost, amounts.ListCost),
    ContractedCost: raised(amounts.ContractedCost, amounts.ListCost),
    ContractedUnitPrice: raised(amounts.ContractedUnitPrice, amounts.ListUnitPrice),
  };
}

function scaled(value: Fixed | null, factor: Fixed): Fixed | null {
  return value === null ? null : times(value, factor);
}

function percent(text: string): Fixed {
  return fixed(text) / 100n;
}

function oneAnd(text: string): Fixed {
  return fixed('1') + percent(text);
}

function isCost(name: string): boolean {
  return COSTS.some((cost) => cost === name);
}
