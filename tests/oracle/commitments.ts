import { type Amounts, amountsOf, type DeliveredRow, textOf } from './bill.ts';
import { type Fixed, fixed, proportion, rounded, sumOf, times, ZERO } from './fixed.ts';
import { compare } from './tiers.ts';

/** How a customer's commitments are handled (`pricing.md` §7). */
export type CommitmentPolicy =
  | { readonly policy: 'pass_through' | 'retain' | 'allocate' }
  | { readonly policy: 'share'; readonly percent: string };

/** A row after the commitment policy: its owner, and the *original amounts* of the rules. */
export interface OriginalRow {
  readonly row: DeliveredRow;
  /** As delivered, by the assignments. */
  readonly deliveredTo: string;
  readonly owner: string;
  readonly amounts: Amounts;
  /** The policy has set what the row costs. */
  readonly isRepriced: boolean;
  /** The policy took the row's commitment away: PricingCategory `Standard`, CommitmentDiscount* null. */
  readonly isStandardPrice: boolean;
  /** CommitmentDiscount* are null, whatever was done to the amounts. */
  readonly hidesCommitment: boolean;
  readonly isOnDemandPriceMissing: boolean;
}

interface OwnedRow {
  readonly row: DeliveredRow;
  readonly owner: string;
}

/** Applies to each customer's rows the customer's policy. */
export function applyPolicies(
  rows: readonly OwnedRow[],
  policyOf: (customer: string) => CommitmentPolicy,
): readonly OriginalRow[] {
  const policed = rows.map((owned) => policeRow(owned, policyOf));
  const moved = allocate(policed, policyOf);
  return policed.map((one) => {
    const share = moved.get(one.row.x_RowId);
    if (share === undefined) return one;
    const { BilledCost, EffectiveCost } = one.amounts;
    return {
      ...one,
      amounts: { ...one.amounts, BilledCost: sumOf([BilledCost, share]), EffectiveCost: sumOf([EffectiveCost, share]) },
    };
  });
}

function policeRow({ row, owner }: OwnedRow, policyOf: (customer: string) => CommitmentPolicy): OriginalRow {
  const amounts = amountsOf(row);
  const untouched = {
    ...{ row, deliveredTo: owner, owner, amounts },
    ...{ isRepriced: false, isStandardPrice: false, hidesCommitment: false, isOnDemandPriceMissing: false },
  };
  if (owner === 'partner' || owner === 'unassigned') return untouched;
  const policy = policyOf(owner);
  if (policy.policy === 'pass_through') return untouched;
  if (isUnused(row) || isPurchase(row)) return { ...untouched, owner: 'partner' };
  if (!isUsed(row)) return { ...untouched, hidesCommitment: true };
  const onDemand = onDemandOf(amounts);
  if (onDemand === null)
    return { ...untouched, isStandardPrice: true, hidesCommitment: true, isOnDemandPriceMissing: true };
  const effective = amounts.EffectiveCost ?? ZERO;
  const charged =
    policy.policy === 'allocate'
      ? { BilledCost: effective, EffectiveCost: effective }
      : chargedOf(policy, onDemand.cost, effective);
  return {
    ...untouched,
    isRepriced: true,
    isStandardPrice: true,
    hidesCommitment: true,
    amounts: { ...amounts, ...charged, ContractedCost: onDemand.cost, ContractedUnitPrice: onDemand.price },
  };
}

function chargedOf(policy: CommitmentPolicy, onDemand: Fixed, effective: Fixed) {
  const saving = policy.policy === 'share' ? times(fixed(policy.percent) / 100n, onDemand - effective) : ZERO;
  const charged = rounded(onDemand - saving, 12);
  return { BilledCost: charged, EffectiveCost: charged };
}

/** The contracted cost, or the list cost where that is 0; null where neither is known. Both 0 is a price of 0. */
function onDemandOf({ ContractedCost, ListCost, ContractedUnitPrice, ListUnitPrice }: Amounts) {
  if (ContractedCost !== null && ContractedCost !== ZERO) return { cost: ContractedCost, price: ContractedUnitPrice };
  return ListCost === null ? null : { cost: ListCost, price: ListUnitPrice };
}

/** What moves between rows under `allocate`: to used rows of customers that have it, from the partner's unused ones. */
function allocate(
  rows: readonly OriginalRow[],
  policyOf: (customer: string) => CommitmentPolicy,
): ReadonlyMap<string, Fixed> {
  const moved = new Map<string, Fixed>();
  const ofCommitments = rows.filter(({ row }) => textOf(row, 'CommitmentDiscountId') !== null);
  const groups = Map.groupBy(ofCommitments, ({ row }) =>
    JSON.stringify([row.CommitmentDiscountId, row.ChargePeriodStart, row.ChargePeriodEnd]),
  );
  for (const group of groups.values()) {
    const used = group.filter(({ row }) => isUsed(row));
    const unused = group.filter(({ row, owner }) => isUnused(row) && ['partner', 'unassigned'].includes(owner));
    const shares = sharesOf(used, sumOf(unused.map(effectiveOf)));
    for (const { row, owner, isOnDemandPriceMissing } of used) {
      const isTaken = !['partner', 'unassigned'].includes(owner) && policyOf(owner).policy === 'allocate';
      const share = shares.get(row.x_RowId);
      if (isTaken && !isOnDemandPriceMissing && share !== undefined) moved.set(row.x_RowId, share);
    }
  }
  return moved;
}

/** Each used row's share of the unused amount, at 12 decimals, the residue to the largest. */
function sharesOf(used: readonly OriginalRow[], unused: Fixed): ReadonlyMap<string, Fixed> {
  const whole = sumOf(used.map(effectiveOf));
  if (whole === ZERO) return new Map();
  const inOrder = [...used].sort((one, other) => {
    const [a, b] = [effectiveOf(one), effectiveOf(other)];
    if (a !== b) return a > b ? -1 : 1;
    return compare(tieOf(one.row), tieOf(other.row));
  });
  const shares = new Map(inOrder.map((one) => [one.row.x_RowId, proportion(unused, effectiveOf(one), whole)]));
  const first = inOrder[0]?.row.x_RowId ?? '';
  const residue = unused - sumOf(shares.values());
  return shares.set(first, (shares.get(first) ?? ZERO) + residue);
}

function effectiveOf({ row }: OriginalRow): Fixed {
  return amountsOf(row).EffectiveCost ?? ZERO;
}

function tieOf(row: DeliveredRow): readonly string[] {
  return [textOf(row, 'SubAccountId') ?? '', textOf(row, 'ResourceId') ?? '', textOf(row, 'SkuId') ?? '', row.x_RowId];
}

function isPurchase(row: DeliveredRow): boolean {
  return row.ChargeCategory === 'Purchase' && textOf(row, 'CommitmentDiscountId') !== null;
}

function isUsed(row: DeliveredRow): boolean {
  return row.CommitmentDiscountStatus === 'Used';
}

function isUnused(row: DeliveredRow): boolean {
  return row.CommitmentDiscountStatus === 'Unused';
}
