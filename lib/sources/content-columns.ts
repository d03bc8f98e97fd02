/**
 * Columns of text by which rows of one sub account are told apart, beside when they begin: what a customer
 * reads on a bill and rules filter by. Both sides of a reconciliation add up fingerprints of them, each in its own words.
 */
export const CONTENT_COLUMNS = [
  'ChargeCategory',
  'ChargeDescription',
  'CommitmentDiscountId',
  'RegionId',
  'ResourceId',
  'ServiceName',
  'SkuId',
  'SkuPriceId',
] as const;
