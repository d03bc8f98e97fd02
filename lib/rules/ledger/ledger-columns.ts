import type { FocusColumn } from '../../focus/columns.ts';
import { CHARGED_MONEY, DELIVERED_MONEY, nullDecimal } from '../../sql/decimal-literal.ts';
import { type Sql, sql } from '../../sql/sql.ts';
import { chargedColumn, pricedColumn as column } from '../priced-columns.ts';
import { filled, filledNames } from './filled-columns.ts';
import { INTERNAL_TAG_KEY } from './internal-tags.ts';
import { issuedColumn } from './issued-columns.ts';
import { namesPayer, reissuedId, reissuedResource, reissuedSharedId } from './reissued-id.ts';

/** A column of the customer ledger. */
export type LedgerColumn = FocusColumn | 'x_RowId' | 'x_FilledColumns';

/**
 * Every column of the customer ledger over `issued`: the closed list of `pricing.md` §8 with its verdicts. What is not
 * here is not shown.
 */
export function ledgerColumns(partnerName: string): { readonly [Name in LedgerColumn]: Sql } {
  const partner = sql`${partnerName}`;
  return {
    AvailabilityZone: column('AvailabilityZone'),
    BilledCost: chargedColumn('BilledCost'),
    BillingAccountId: column('x_Owner'),
    BillingAccountName: issuedColumn('x_CustomerName'),
    BillingAccountType: sql`'Customer Tenant'`,
    BillingCurrency: column('BillingCurrency'),
    BillingPeriodEnd: column('BillingPeriodEnd'),
    BillingPeriodStart: column('BillingPeriodStart'),
    CapacityReservationId: reissuedSharedId('CapacityReservationId'),
    CapacityReservationStatus: column('CapacityReservationStatus'),
    ChargeCategory: column('ChargeCategory'),
    /** A provider's correction in a period that the customer has no statement of is none; nothing is invoiced yet. */
    ChargeClass: sql`CAST(NULL AS VARCHAR)`,
    ChargeDescription: chargeDescription(),
    ChargeFrequency: column('ChargeFrequency'),
    ChargePeriodEnd: column('ChargePeriodEnd'),
    ChargePeriodStart: column('ChargePeriodStart'),
    CommitmentDiscountCategory: ofCommitment(column('CommitmentDiscountCategory')),
    CommitmentDiscountId: ofCommitment(reissuedSharedId('CommitmentDiscountId')),
    CommitmentDiscountName: ofCommitment(reissuedId(column('CommitmentDiscountName'))),
    CommitmentDiscountQuantity: sql`CASE WHEN ${column('x_HidesCommitment')} THEN ${nullDecimal(DELIVERED_MONEY)} ELSE ${column('CommitmentDiscountQuantity')} END`,
    CommitmentDiscountStatus: ofCommitment(column('CommitmentDiscountStatus')),
    CommitmentDiscountType: ofCommitment(column('CommitmentDiscountType')),
    CommitmentDiscountUnit: ofCommitment(column('CommitmentDiscountUnit')),
    ConsumedQuantity: column('ConsumedQuantity'),
    ConsumedUnit: column('ConsumedUnit'),
    ContractedCost: chargedColumn('ContractedCost'),
    ContractedUnitPrice: filled('ContractedUnitPrice'),
    EffectiveCost: chargedColumn('EffectiveCost'),
    /** The partner's statement, once there is one. */
    InvoiceId: sql`CAST(NULL AS VARCHAR)`,
    InvoiceIssuerName: partner,
    ListCost: chargedColumn('ListCost'),
    ListUnitPrice: filled('ListUnitPrice'),
    PricingCategory: filled('PricingCategory'),
    PricingCurrency: pricingCurrency(),
    PricingCurrencyContractedUnitPrice: inPricingCurrency(filled('ContractedUnitPrice')),
    PricingCurrencyEffectiveCost: inPricingCurrency(chargedColumn('EffectiveCost')),
    PricingCurrencyListUnitPrice: inPricingCurrency(filled('ListUnitPrice')),
    PricingQuantity: filled('PricingQuantity'),
    PricingUnit: filled('PricingUnit'),
    ProviderName: partner,
    PublisherName: column('PublisherName'),
    RegionId: column('RegionId'),
    RegionName: column('RegionName'),
    ResourceId: reissuedResource('ResourceId'),
    ResourceName: reissuedResource('ResourceName'),
    ResourceType: column('ResourceType'),
    ServiceCategory: column('ServiceCategory'),
    ServiceName: column('ServiceName'),
    ServiceSubcategory: column('ServiceSubcategory'),
    SkuId: filled('SkuId'),
    SkuMeter: column('SkuMeter'),
    SkuPriceDetails: column('SkuPriceDetails'),
    SkuPriceId: filled('SkuPriceId'),
    SubAccountId: column('SubAccountId'),
    SubAccountName: column('SubAccountName'),
    SubAccountType: column('SubAccountType'),
    Tags: sql`customer_tags(${column('Tags')}, ${INTERNAL_TAG_KEY})`,
    x_RowId: column('x_RowId'),
    x_FilledColumns: filledNames(),
  };
}

/** Providers write prices into descriptions, so a row whose price changed gets one of ours; so does one that names the payer. */
function chargeDescription(): Sql {
  const description = column('ChargeDescription');
  const [meter, service] = [column('SkuMeter'), column('ServiceName')];
  const ours = sql`COALESCE(${meter} || ' (' || ${service} || ')', ${meter}, ${service}, ${column('ChargeCategory')})`;
  return sql`CASE WHEN ${issuedColumn('x_IsPriceChanged')} OR (${description} IS NOT NULL AND ${namesPayer(description)}) THEN ${ours} ELSE ${description} END`;
}

/** A text column of a commitment: null where the customer sees nothing of it. */
function ofCommitment(value: Sql): Sql {
  return sql`CASE WHEN NOT ${column('x_HidesCommitment')} THEN ${value} END`;
}

/** A provider that names no pricing currency prices in the one it bills in (FOCUS 1.0 has no such column; 1.2 wants one). */
function pricingCurrency(): Sql {
  return sql`COALESCE(${column('PricingCurrency')}, ${column('BillingCurrency')})`;
}

/** An amount in the pricing currency follows the billed one where they are one currency; otherwise it is not known. */
function inPricingCurrency(amount: Sql): Sql {
  return sql`CASE WHEN ${pricingCurrency()} = ${column('BillingCurrency')} THEN ${amount} ELSE ${nullDecimal(CHARGED_MONEY)} END`;
}
