import type { ColumnField } from '../../lib/domain/filter-field.ts';

/** Few enough values to meet often in rows and filters; null is a value too. Those of sub accounts are a case's own. */
export const VOCABULARY: { readonly [Field in Exclude<ColumnField, 'SubAccountId'>]: readonly (string | null)[] } = {
  ProviderName: ['AWS', 'Microsoft', 'Google Cloud', 'Oracle', 'Hosting Ltd', null],
  x_IntegrationId: ['bill'],
  BillingAccountId: ['900000000001', 'Payer-ÄB', 'payer-äb', null],
  SubAccountName: ['prod', 'Prod', ' prod', 'équipe', null],
  ServiceName: ['Amazon EC2', 'Amazon S3', "O'Brien's % Backup", 'BigQuery', '机器学习', null],
  ServiceCategory: ['Compute', 'Storage', 'compute', null],
  ServiceSubcategory: ['Virtual Machines', 'Object Storage', null],
  SkuId: ['SKU-1', 'sku-1', 'SKU-2', 'İD', null],
  SkuMeter: ['BoxUsage:m5.large', 'BoxUsage:c6i.xlarge', 'a*b', 'a\nb', 'TimedStorage', null],
  RegionId: ['eu-central-1', 'EU-west-1', 'us-east-1', null],
  ChargeCategory: ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'],
  ChargeFrequency: ['One-Time', 'Recurring', 'Usage-Based'],
  ChargeDescription: ['100% of $0.1 per hour', 'usage of the month', '\\d+ [x] (y)', '😀 emoji', null],
  PricingCategory: ['Standard', 'Committed', 'Dynamic', null],
  PricingUnit: ['Hours', 'hours', 'GB', null],
  CommitmentDiscountType: ['Savings Plan', 'Reserved Instance', null],
  CommitmentDiscountStatus: ['Used', 'Unused', null],
  PublisherName: ['Publisher', 'publisher', null],
  ResourceId: ['i-0Ab', 'I-0aB', 'arn:aws:x:900000000001:y', null],
  ResourceType: ['Instance', 'Bucket', null],
  x_CloudProvider: ['aws', 'azure', 'gcp', 'oci', 'other', null],
  x_UsageType: ['EUC1-BoxUsage', 'DataTransfer-Out-Bytes', null],
  x_Operation: ['RunInstances', 'runinstances', null],
  x_InstanceFamily: ['General purpose', null],
  x_InstanceType: ['m5.large', 'm5.xlarge', null],
  x_CreditType: ['promo', 'goodwill', null],
  x_IsMarketplace: ['true', 'false', null],
  x_IsSupport: ['true', 'false', null],
  x_IsDataTransfer: ['true', 'false', null],
  x_ChargeType: ['RIFee', 'DistributorDiscount', 'DiscountedUsage', 'Usage', null],
};

/** The cloud that a provider's name stands for (`normalisation.md` §2.4). */
export const CLOUD_OF: Readonly<Record<string, string>> = {
  AWS: 'aws',
  Microsoft: 'azure',
  'Google Cloud': 'gcp',
  Oracle: 'oci',
  'Hosting Ltd': 'other',
};

export const TAG_KEYS = ['env', 'équipe', '团队', "o'k", '__proto__', 'ENV'] as const;
export const TAG_VALUES = ['dev', 'Dev', 'prod', '', ' ', 'é', 'é', '😀', 'a"b', '1.5', '[1,2]'] as const;

/** Days at and around the bounds of the bill's month. */
export const DAYS = ['2025-02-28', '2025-03-01', '2025-03-02', '2025-03-15', '2025-03-30', '2025-03-31', '2025-04-01'];

/** Every field that a filter may name, SubAccountId and tags aside. */
export const FIELDS = Object.keys(VOCABULARY) as (keyof typeof VOCABULARY)[];
