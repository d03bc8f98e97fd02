import { z } from 'zod';
import type { BillRow } from '../csv.ts';
import { add, type Exact, exact, multiply, plain, round, subtract, ZERO } from '../exact.ts';
import { cellOf, Filter, holds, namesTax } from './filter-holds.ts';

/*
 * `pricing.md` read a second time: who owns a row and what it is charged under first_match, one row after the other, in
 * whole units of 10^-n. Nothing of the product is used here.
 */

/** Amounts that rules change; ListCost and ListUnitPrice are changed by back-outs only. */
export const AMOUNTS = [
  'BilledCost',
  'EffectiveCost',
  'ListCost',
  'ContractedCost',
  'ContractedUnitPrice',
  'ListUnitPrice',
] as const;
export type Amounts = Record<(typeof AMOUNTS)[number], Exact | null>;

/** A rule as the configuration file has it; charges are not rules about rows. */
export type RowRule = z.infer<typeof RowRule>;
export const RowRule = z.object({
  name: z.string(),
  type: z.enum(['adjust_to_list', 'rerate', 'back_out']),
  enabled: z.boolean().default(true),
  startDate: z.string(),
  endDate: z.string().default('9999-12-31'),
  customers: z.union([z.literal('all'), z.array(z.string())]),
  filter: Filter.optional(),
  offsetPercent: z.string().default('0'),
  mode: z.string().default('remove'),
});

/** Who owns a sub account on which days. */
export interface Ownership {
  readonly owner: string;
  readonly id: string;
  readonly provider: string | undefined;
  readonly from: string;
  readonly to: string;
}

/** What became of one row. */
export interface PricedRow {
  readonly row: BillRow;
  /** A customer's name, `the partner` or `nobody`. */
  readonly owner: string;
  readonly delivered: Amounts;
  readonly charged: Amounts;
  readonly rule: RowRule | undefined;
  readonly isRemoved: boolean;
  readonly isListPriceMissing: boolean;
  /** Back-outs that matched, and that an earlier rule of another type kept from acting. */
  readonly shadowed: readonly RowRule[];
}

export const PARTNER = 'the partner';
export const NOBODY = 'nobody';

/** Prices one row. */
export function priceRow(row: BillRow, ownerships: readonly Ownership[], rules: readonly RowRule[]): PricedRow {
  const owner = ownerOf(row, ownerships);
  const delivered = deliveredAmounts(row);
  const applicable = [PARTNER, NOBODY].includes(owner) ? [] : rules.filter((rule) => applies(rule, row, owner));
  const [rule, ...later] = applicable;
  const isListPriceMissing = rule?.type === 'adjust_to_list' && lacksListPrice(delivered);
  return {
    row,
    owner,
    delivered,
    charged: rule === undefined || isListPriceMissing ? delivered : charge(delivered, rule),
    rule,
    isRemoved: rule?.type === 'back_out' && rule.mode === 'remove',
    isListPriceMissing,
    shadowed: rule?.type === 'back_out' ? [] : later.filter(({ type }) => type === 'back_out'),
  };
}

/** Charged less delivered; a null counts as 0. */
export function deltaOf({ charged, delivered }: PricedRow, cost: keyof Amounts): Exact {
  return subtract(charged[cost] ?? ZERO, delivered[cost] ?? ZERO);
}

function ownerOf(row: BillRow, ownerships: readonly Ownership[]): string {
  const id = cellOf(row, 'SubAccountId')?.toLowerCase();
  const day = (row.ChargePeriodStart ?? '').slice(0, 10);
  const found = ownerships.find(
    (one) =>
      one.id.toLowerCase() === id &&
      (one.provider === undefined || one.provider === row.ProviderName) &&
      one.from <= day &&
      day <= one.to,
  );
  return found?.owner ?? NOBODY;
}

function deliveredAmounts(row: BillRow): Amounts {
  const amount = (column: (typeof AMOUNTS)[number]) => {
    const text = cellOf(row, column);
    return text === null ? null : round(exact(text), 12);
  };
  return {
    BilledCost: amount('BilledCost'),
    EffectiveCost: amount('EffectiveCost'),
    ListCost: amount('ListCost'),
    ContractedCost: amount('ContractedCost'),
    ContractedUnitPrice: amount('ContractedUnitPrice'),
    ListUnitPrice: amount('ListUnitPrice'),
  };
}

function applies(rule: RowRule, row: BillRow, owner: string): boolean {
  const day = (row.ChargePeriodStart ?? '').slice(0, 10);
  return (
    rule.enabled &&
    rule.startDate <= day &&
    day <= rule.endDate &&
    (rule.customers === 'all' || rule.customers.includes(owner)) &&
    actsOn(rule, row) &&
    (rule.filter === undefined || holds(rule.filter, row))
  );
}

function actsOn({ type, filter }: RowRule, row: BillRow): boolean {
  if (type === 'back_out') return true;
  const category = row.ChargeCategory;
  if (category === 'Credit' || (category === 'Tax' && !namesTax(filter))) return false;
  const isOfCommitment = cellOf(row, 'CommitmentDiscountId') !== null;
  if (type === 'rerate') return true;
  return !(category === 'Purchase' && isOfCommitment) && row.CommitmentDiscountStatus !== 'Unused';
}

function lacksListPrice({ ListCost, ContractedCost }: Amounts): boolean {
  if (ListCost === null) return true;
  return ListCost.units === 0n && ContractedCost !== null && ContractedCost.units !== 0n;
}

function charge(delivered: Amounts, rule: RowRule): Amounts {
  const factor = { units: exact(rule.offsetPercent).units + 100n * 10n ** BigInt(exact(rule.offsetPercent).decimals) };
  const p = { ...factor, decimals: exact(rule.offsetPercent).decimals + 2 };
  const times = (amount: Exact | null) => amount && multiply(amount, p);
  const { ListCost, ListUnitPrice, BilledCost, EffectiveCost, ContractedCost, ContractedUnitPrice } = delivered;
  if (rule.type === 'adjust_to_list') {
    const list = times(ListCost);
    return {
      ...delivered,
      BilledCost: list,
      EffectiveCost: list,
      ContractedCost: list,
      ContractedUnitPrice: times(ListUnitPrice),
    };
  }
  if (rule.type === 'rerate')
    return {
      ...delivered,
      BilledCost: times(BilledCost),
      EffectiveCost: times(EffectiveCost),
      ContractedCost: times(ContractedCost),
      ContractedUnitPrice: times(ContractedUnitPrice),
    };
  return {
    BilledCost: ZERO,
    EffectiveCost: ZERO,
    ListCost: ZERO,
    ContractedCost: ZERO,
    ContractedUnitPrice: ContractedUnitPrice && ZERO,
    ListUnitPrice: ListUnitPrice && ZERO,
  };
}

/** The sum of one amount over rows; null ones add nothing. */
export function total(rows: readonly PricedRow[], side: 'delivered' | 'charged', cost: keyof Amounts): string {
  return plain(rows.reduce((sum, row) => add(sum, row[side][cost] ?? ZERO), ZERO));
}
