/**
 * The columns of FOCUS 1.2's Cost and Usage data set, in the order of its documents, with our storage type.
 * Money, unit prices and quantities are DECIMAL(28,12) (`pricing.md` §2); Tags are a map inside, JSON text outside.
 * Source: FOCUS 1.2, Cost and Usage, column definitions.
 */
export const FOCUS_COLUMNS = {
  AvailabilityZone: 'text',
  BilledCost: 'money',
  BillingAccountId: 'text',
  BillingAccountName: 'text',
  BillingAccountType: 'text',
  BillingCurrency: 'text',
  BillingPeriodEnd: 'time',
  BillingPeriodStart: 'time',
  CapacityReservationId: 'text',
  CapacityReservationStatus: 'text',
  ChargeCategory: 'text',
  ChargeClass: 'text',
  ChargeDescription: 'text',
  ChargeFrequency: 'text',
  ChargePeriodEnd: 'time',
  ChargePeriodStart: 'time',
  CommitmentDiscountCategory: 'text',
  CommitmentDiscountId: 'text',
  CommitmentDiscountName: 'text',
  CommitmentDiscountQuantity: 'quantity',
  CommitmentDiscountStatus: 'text',
  CommitmentDiscountType: 'text',
  CommitmentDiscountUnit: 'text',
  ConsumedQuantity: 'quantity',
  ConsumedUnit: 'text',
  ContractedCost: 'money',
  ContractedUnitPrice: 'price',
  EffectiveCost: 'money',
  InvoiceId: 'text',
  InvoiceIssuerName: 'text',
  ListCost: 'money',
  ListUnitPrice: 'price',
  PricingCategory: 'text',
  PricingCurrency: 'text',
  PricingCurrencyContractedUnitPrice: 'price',
  PricingCurrencyEffectiveCost: 'price',
  PricingCurrencyListUnitPrice: 'price',
  PricingQuantity: 'quantity',
  PricingUnit: 'text',
  ProviderName: 'text',
  PublisherName: 'text',
  RegionId: 'text',
  RegionName: 'text',
  ResourceId: 'text',
  ResourceName: 'text',
  ResourceType: 'text',
  ServiceCategory: 'text',
  ServiceName: 'text',
  ServiceSubcategory: 'text',
  SkuId: 'text',
  SkuMeter: 'text',
  SkuPriceDetails: 'json',
  SkuPriceId: 'text',
  SubAccountId: 'text',
  SubAccountName: 'text',
  SubAccountType: 'text',
  Tags: 'tags',
} as const satisfies Record<string, ColumnType>;

/** How a column is stored: `money`, `price` and `quantity` are DECIMAL(28,12), `time` is a UTC TIMESTAMP in milliseconds. */
export type ColumnType = 'text' | 'money' | 'price' | 'quantity' | 'time' | 'json' | 'tags';

/** A FOCUS 1.2 Column ID. */
export type FocusColumn = keyof typeof FOCUS_COLUMNS;

/** The four cost columns that conservation holds for, in the order of the summary. */
export const COST_COLUMNS = ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost'] as const;

/** One of the four cost columns. */
export type CostColumn = (typeof COST_COLUMNS)[number];

/** Columns without which a bill cannot be split or priced: a delivery that lacks one is quarantined by name. */
export const REQUIRED_COLUMNS = [
  'BilledCost',
  'BillingCurrency',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'ListCost',
] as const satisfies readonly FocusColumn[];
