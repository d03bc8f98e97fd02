import type { FocusColumn } from '../focus/columns.ts';
import type { SampleSubAccount } from './cast.ts';
import type { Offer } from './clouds.ts';
import { type Exact, exact, exactOf, textOf, times } from './exact.ts';
import type { Random } from './random.ts';

/** One row as text by FOCUS column; an absent column is null. */
export type SampleRow = Partial<Record<FocusColumn, string>>;

/** What every kind of row is made from. */
export interface RowContext {
  readonly random: Random;
  /** `yyyy-mm` */
  readonly period: string;
  readonly days: number;
  readonly subAccount: SampleSubAccount;
  /** The row's number in the bill, for resource names. */
  readonly index: number;
}

/** Columns that say whose bill this is and when the charge fell: hour-long periods, start-inclusive, end-exclusive. */
function frame({ random, period, days, subAccount: { cloud, id, name } }: RowContext): SampleRow {
  const start = Date.parse(`${period}-01T00:00:00Z`) + random.integer(0, days * 24 - 1) * 3_600_000;
  return {
    ProviderName: cloud.provider,
    PublisherName: cloud.issuer,
    InvoiceIssuerName: cloud.issuer,
    BillingAccountId: cloud.payerId,
    BillingAccountName: cloud.payerName,
    BillingAccountType: 'Billing Account',
    SubAccountId: id,
    SubAccountName: name,
    SubAccountType: cloud.subAccountType,
    BillingCurrency: 'USD',
    BillingPeriodStart: `${period}-01T00:00:00Z`,
    BillingPeriodEnd: iso(Date.parse(`${period}-01T00:00:00Z`) + days * 86_400_000),
    ChargePeriodStart: iso(start),
    ChargePeriodEnd: iso(start + 3_600_000),
  };
}

/** Usage at a discount of 0 to 12 % from list; now and then a refund, whose sign is in the quantity. */
export function usage(context: RowContext): SampleRow {
  const { random } = context;
  const offer = random.pick(context.subAccount.cloud.offers);
  const sign = random.chance(0.01) ? -1 : 1;
  const quantity = exact(sign * random.integer(1, 240_000), 4);
  const contracted = times(exactOf(offer.listUnitPrice), exact(random.integer(88, 100), 2));
  return {
    ...frame(context),
    ...priced(context, offer, quantity, contracted),
    ChargeCategory: 'Usage',
    ChargeFrequency: 'Usage-Based',
    ChargeDescription: `$${offer.listUnitPrice} per ${offer.unit} of ${offer.meter}`,
    PricingCategory: 'Standard',
    ConsumedQuantity: textOf(quantity),
    ConsumedUnit: offer.unit,
  };
}

/** Usage that a commitment covers: nothing billed, the amortised share is effective. */
export function committedUsage(context: RowContext): SampleRow {
  const { commitment } = context.subAccount.cloud;
  const row = usage(context);
  const discounted = times(exactOf(row.ContractedCost ?? '0'), exact(72, 2));
  return {
    ...row,
    BilledCost: '0',
    EffectiveCost: textOf(discounted),
    PricingCategory: 'Committed',
    CommitmentDiscountId: commitment.id,
    CommitmentDiscountName: commitment.name,
    CommitmentDiscountType: commitment.type,
    CommitmentDiscountCategory: commitment.category,
    CommitmentDiscountStatus: 'Used',
    CommitmentDiscountQuantity: row.PricingQuantity ?? '0',
    CommitmentDiscountUnit: row.PricingUnit ?? 'Hours',
  };
}

/** The recurring fee of a commitment: billed, effective nowhere. */
export function commitmentPurchase(context: RowContext): SampleRow {
  const { commitment, offers } = context.subAccount.cloud;
  const fee = exact(context.random.integer(100_000, 900_000), 4);
  return {
    ...frame(context),
    ...priced(context, offers[0], exact(1, 0), fee),
    ListCost: textOf(fee),
    ListUnitPrice: textOf(fee),
    EffectiveCost: '0',
    ChargeCategory: 'Purchase',
    ChargeFrequency: 'Recurring',
    ChargeDescription: `${commitment.name}: recurring fee`,
    PricingCategory: 'Standard',
    ResourceId: commitment.id,
    ResourceName: commitment.name,
    CommitmentDiscountId: commitment.id,
    CommitmentDiscountName: commitment.name,
    CommitmentDiscountType: commitment.type,
    CommitmentDiscountCategory: commitment.category,
  };
}

/** What a commitment did not use: nothing billed, its price is effective. */
export function commitmentUnused(context: RowContext): SampleRow {
  const { ConsumedQuantity: _, ConsumedUnit: __, ...row } = committedUsage(context);
  return { ...row, CommitmentDiscountStatus: 'Unused', ResourceId: row.CommitmentDiscountId ?? '' };
}

/** A credit: its four costs are equal. */
export function credit(context: RowContext): SampleRow {
  const amount = textOf(exact(-context.random.integer(1_000, 250_000), 4));
  return {
    ...flat(context, 'Credit', amount, 'Promotional credit'),
    ServiceName: context.subAccount.cloud.offers[0].service,
  };
}

/** Tax on the month. */
export function tax(context: RowContext): SampleRow {
  const amount = textOf(exact(context.random.integer(1_000, 90_000), 4));
  return flat(context, 'Tax', amount, 'Value added tax');
}

function flat(context: RowContext, category: 'Credit' | 'Tax', amount: string, description: string): SampleRow {
  const { service, category: ServiceCategory, subcategory } = context.subAccount.cloud.offers[0];
  return {
    ...frame(context),
    ...fourCosts(amount, amount, amount),
    ChargeCategory: category,
    ChargeFrequency: 'One-Time',
    ChargeDescription: description,
    ServiceName: service,
    ServiceCategory,
    ServiceSubcategory: subcategory,
  };
}

/** Prices and costs of a quantity: billed at the contracted price, list beside it, and what was bought. */
function priced(
  { random, subAccount: { cloud, id }, index }: RowContext,
  offer: Offer,
  quantity: Exact,
  contracted: Exact,
): SampleRow {
  const region = random.pick(cloud.regions);
  const list = exactOf(offer.listUnitPrice);
  const resource = `${offer.resourceType.toLowerCase().replaceAll(' ', '-')}-${index}`;
  return {
    ...fourCosts(
      textOf(times(contracted, quantity)),
      textOf(times(list, quantity)),
      textOf(times(contracted, quantity)),
    ),
    ContractedUnitPrice: textOf(contracted),
    ListUnitPrice: offer.listUnitPrice,
    PricingQuantity: textOf(quantity),
    PricingUnit: offer.unit,
    PricingCurrency: 'USD',
    ServiceName: offer.service,
    ServiceCategory: offer.category,
    ServiceSubcategory: offer.subcategory,
    SkuId: `SKU-${offer.meter}`,
    SkuPriceId: `SKU-${offer.meter}.1`,
    SkuMeter: offer.meter,
    RegionId: region.id,
    RegionName: region.name,
    ResourceId: `${id}/${region.id}/${resource}`,
    ResourceName: resource,
    ResourceType: offer.resourceType,
    Tags: JSON.stringify({
      env: random.pick(['prod', 'dev', 'test']),
      'cost-center': `cc-${random.integer(1, 9)}`,
      ...(random.chance(0.2) ? { owner: 'Zoë "Z" O’Neil' } : {}),
    }),
  };
}

function fourCosts(contracted: string, list: string, billed: string): SampleRow {
  return { BilledCost: billed, EffectiveCost: billed, ContractedCost: contracted, ListCost: list };
}

function iso(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
