import type { BillRow } from './csv.ts';

/** A whole and plain FOCUS 1.2 row of March 2025 in one sub account, with what a test says about it instead. */
export function billRow(row: BillRow): BillRow {
  return {
    BillingAccountId: '900000000001',
    BillingAccountName: 'Payer of the partner',
    BillingCurrency: 'USD',
    BillingPeriodStart: '2025-03-01T00:00:00Z',
    BillingPeriodEnd: '2025-04-01T00:00:00Z',
    ChargeCategory: 'Usage',
    ChargeDescription: '$0.08832 per hour of m5.large',
    ChargeFrequency: 'Usage-Based',
    ChargePeriodStart: '2025-03-10T00:00:00Z',
    ChargePeriodEnd: '2025-03-11T00:00:00Z',
    InvoiceIssuerName: 'Amazon Web Services, Inc.',
    PricingCategory: 'Standard',
    PricingCurrency: 'USD',
    ProviderName: 'AWS',
    PublisherName: 'Amazon Web Services, Inc.',
    RegionId: 'eu-central-1',
    RegionName: 'EU (Frankfurt)',
    ServiceCategory: 'Compute',
    ServiceName: 'Amazon EC2',
    ServiceSubcategory: 'Virtual Machines',
    SkuId: 'M5LARGE',
    SkuMeter: 'BoxUsage:m5.large',
    SkuPriceId: 'M5LARGE.1',
    SubAccountType: 'AWS Account',
    ...row,
  };
}

/** The four costs of a row, equal unless said otherwise. */
export function costs(BilledCost: string, others: BillRow = {}): BillRow {
  return { BilledCost, EffectiveCost: BilledCost, ContractedCost: BilledCost, ListCost: BilledCost, ...others };
}
