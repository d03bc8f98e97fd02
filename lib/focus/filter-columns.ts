/**
 * Our own columns on a normalised row (`x_…`, all text): what rule filters read beside FOCUS columns
 * (`normalisation.md` §2.4). A source that cannot fill one leaves it null; booleans are the text "true" or "false".
 */
export const FILTER_COLUMNS = [
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
] as const;

/** One of our own filter columns. */
export type FilterColumn = (typeof FILTER_COLUMNS)[number];
