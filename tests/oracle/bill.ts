import type { ColumnField } from '../../lib/domain/filter-field.ts';
import { type Fixed, fixed } from './fixed.ts';

/** Amounts of a row that rules and policies change. */
export const AMOUNTS = [
  'BilledCost',
  'EffectiveCost',
  'ContractedCost',
  'ListCost',
  'ContractedUnitPrice',
  'ListUnitPrice',
] as const;
export type Amount = (typeof AMOUNTS)[number];

/** The four costs among them. */
export const COSTS = ['BilledCost', 'EffectiveCost', 'ContractedCost', 'ListCost'] as const;

/** What a delivered row says in text, beside what filters read. */
type OtherText = 'BillingCurrency' | 'ChargePeriodStart' | 'ChargePeriodEnd' | 'CommitmentDiscountId';

/** A row as the provider delivers it: every value as text, `yyyy-mm-ddThh:mm:ss.sssZ` for times. What is absent is null. */
export type DeliveredRow = {
  readonly [Column in ColumnField | OtherText | Amount | 'PricingQuantity']?: string | null;
} & { readonly x_RowId: string; readonly Tags?: Readonly<Record<string, string>> | null };

/** The amounts of a row at some stage. */
export type Amounts = { readonly [Name in Amount]: Fixed | null };

/** A source's numbers become exact decimals once, at 12 decimals (`pricing.md` §2). */
export function amountsOf(row: DeliveredRow): Amounts {
  const read = (name: Amount) => numberOf(row, name);
  return {
    BilledCost: read('BilledCost'),
    EffectiveCost: read('EffectiveCost'),
    ContractedCost: read('ContractedCost'),
    ListCost: read('ListCost'),
    ContractedUnitPrice: read('ContractedUnitPrice'),
    ListUnitPrice: read('ListUnitPrice'),
  };
}

/** A number of a row. */
export function numberOf(row: DeliveredRow, name: Amount | 'PricingQuantity'): Fixed | null {
  const text = textOf(row, name);
  return text === null ? null : fixed(text, 12);
}

/** A text of a row; an empty cell and an absent one are null. */
export function textOf(row: DeliveredRow, name: Exclude<keyof DeliveredRow, 'Tags'>): string | null {
  const text = row[name] ?? null;
  return text === '' ? null : text;
}

/** Changes every amount alike. */
export function eachAmount(amounts: Amounts, change: (value: Fixed | null, name: Amount) => Fixed | null): Amounts {
  return {
    BilledCost: change(amounts.BilledCost, 'BilledCost'),
    EffectiveCost: change(amounts.EffectiveCost, 'EffectiveCost'),
    ContractedCost: change(amounts.ContractedCost, 'ContractedCost'),
    ListCost: change(amounts.ListCost, 'ListCost'),
    ContractedUnitPrice: change(amounts.ContractedUnitPrice, 'ContractedUnitPrice'),
    ListUnitPrice: change(amounts.ListUnitPrice, 'ListUnitPrice'),
  };
}
