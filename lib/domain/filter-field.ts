import { z } from 'zod';

/** What a filter may read of a delivered row, Tags aside: a closed list (`pricing.md` §4). Each is a text column. */
export const ColumnField = z.enum([
  'ProviderName',
  'x_IntegrationId',
  'BillingAccountId',
  'SubAccountId',
  'SubAccountName',
  'ServiceName',
  'ServiceCategory',
  'ServiceSubcategory',
  'SkuId',
  'SkuMeter',
  'RegionId',
  'ChargeCategory',
  'ChargeFrequency',
  'ChargeDescription',
  'PricingCategory',
  'PricingUnit',
  'CommitmentDiscountType',
  'CommitmentDiscountStatus',
  'PublisherName',
  'ResourceId',
  'ResourceType',
  'x_CloudProvider',
  'x_UsageType',
  'x_Operation',
  'x_InstanceFamily',
  'x_InstanceType',
  'x_CreditType',
  'x_IsMarketplace',
  'x_IsSupport',
  'x_IsDataTransfer',
  'x_ChargeType',
]);
export type ColumnField = z.infer<typeof ColumnField>;

/** The ids among them: only these ignore the case of ASCII letters, under every operator. */
export const ID_FIELDS: ReadonlySet<ColumnField> = new Set([
  'BillingAccountId',
  'SubAccountId',
  'SkuId',
  'RegionId',
  'ResourceId',
]);
