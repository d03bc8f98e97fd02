import { amountsOf, COSTS, textOf } from './bill.ts';
import { ZERO } from './fixed.ts';
import { isSetRule } from './precedence.ts';
import { type PricedRow, totalOf } from './price-rows.ts';

/** A warning of a run, or of a preview (`negative_result`): rows per code, customer and rule. */
export interface Warning {
  readonly code:
    | 'list_price_missing'
    | 'commitment_charged_twice'
    | 'back_out_shadowed'
    | 'ambiguous_set_rules'
    | 'on_demand_price_missing'
    | 'negative_result';
  readonly customer: string;
  /** Ids of rules; none where a commitment policy warns. */
  readonly rule: string | null;
  readonly otherRule: string | null;
  readonly rows: number;
}

/** All warnings of a run, each once with its number of rows. */
export function warningsOf(rows: readonly PricedRow[]): readonly Warning[] {
  const bought = purchases(rows);
  const single = rows.flatMap((one) => [...ofRules(one), ...ofCommitments(one, bought), ...ofAmounts(one)]);
  return [...Map.groupBy(single, (warning) => JSON.stringify(warning)).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, rows: same.length }];
  });
}

type Single = Omit<Warning, 'rows'>;

function ofRules({ owner, steps, shadowed, ambiguous }: PricedRow): readonly Single[] {
  const missing = steps.filter(({ isListPriceMissing }) => isListPriceMissing);
  return [
    ...missing.map(({ rule }) => single('list_price_missing', owner, rule.id)),
    ...shadowed.map(({ id }) => single('back_out_shadowed', owner, id)),
    ...ambiguous.map(({ rule, otherRule }) => single('ambiguous_set_rules', owner, rule.id, otherRule.id)),
  ];
}

/** A row of which some cost falls below 0 that was not below it as delivered. */
function ofAmounts({ row, owner, isRemoved, pieces }: PricedRow): readonly Single[] {
  if (owner === 'partner' || owner === 'unassigned' || isRemoved) return [];
  const [delivered, charged] = [amountsOf(row), totalOf(pieces)];
  const falls = COSTS.some((cost) => (charged[cost] ?? ZERO) < ZERO && (delivered[cost] ?? ZERO) >= ZERO);
  return falls ? [single('negative_result', owner, null)] : [];
}

function ofCommitments(one: PricedRow, bought: ReadonlySet<string>): readonly Single[] {
  const { row, owner, isOnDemandPriceMissing } = one;
  const missing = isOnDemandPriceMissing ? [single('on_demand_price_missing', owner, null)] : [];
  const setBy = finalPriceFromList(one);
  const isTwice = row.CommitmentDiscountStatus === 'Used' && bought.has(purchaseKey(one));
  return isTwice && setBy !== undefined ? [...missing, single('commitment_charged_twice', owner, setBy)] : missing;
}

/** The `adjust_to_list` that set a row's final price: the last set rule that could compute, and no back-out after it. */
function finalPriceFromList({ steps }: PricedRow): string | undefined {
  const last = steps.findLast(({ rule, isListPriceMissing }) => isSetRule(rule) && !isListPriceMissing);
  const isBackedOut = steps.some(({ rule }) => rule.type === 'back_out');
  return last?.rule.type === 'adjust_to_list' && !isBackedOut ? last.rule.id : undefined;
}

/** Commitments whose purchase stays in a customer's ledger at a cost. */
function purchases(rows: readonly PricedRow[]): ReadonlySet<string> {
  const bought = rows.filter(({ row, owner, isRemoved, hidesCommitment, pieces }) => {
    const cost = totalOf(pieces).BilledCost ?? ZERO;
    const isCustomers = owner !== 'partner' && owner !== 'unassigned';
    return row.ChargeCategory === 'Purchase' && isCustomers && !isRemoved && !hidesCommitment && cost !== ZERO;
  });
  return new Set(bought.filter(({ row }) => textOf(row, 'CommitmentDiscountId') !== null).map(purchaseKey));
}

function purchaseKey({ row, owner }: PricedRow): string {
  return JSON.stringify([owner, row.CommitmentDiscountId]);
}

function single(code: Warning['code'], customer: string, rule: string | null, otherRule: string | null = null): Single {
  return { code, customer, rule, otherRule };
}
