/**
 * State names of the two state machines, in the order of the walk. The machines in `infra/`, the steps in
 * `lib/pipeline/`, the status that people read and the README's picture use these words and no others.
 */
export const RECEIVE_BILL_STEPS = ['ReadManifest', 'AwaitFiles', 'ConvertFiles', 'RegisterDelivery'] as const;

/** A step of ReceiveBill. */
export type ReceiveBillStep = (typeof RECEIVE_BILL_STEPS)[number];

/** CreateDeliveredTable belongs to *measure*: it lets Athena see the delivered columns of the frozen list. */
export const SPLIT_BILL_STEPS = [
  'AcquireLease',
  'CreateDeliveredTable',
  'MeasureBill',
  'PlanShards',
  'SplitByShard',
  'PriceShards',
  'Reconcile',
  'Publish',
  'ReleaseLease',
] as const;

/** A step of SplitBill. */
export type SplitBillStep = (typeof SPLIT_BILL_STEPS)[number];

/** The task inside the Map ConvertFiles, and the one inside the Map PriceShards. */
export const BATCH_STEP = 'ConvertBatch';
export const SHARD_STEP = 'PriceShard';
/** The state that every Catch leads to. */
export const CLOSE_STEP = 'CloseRun';
/** The state that sends the BillPublished event. */
export const ANNOUNCE_STEP = 'BillPublished';

/** Choice states: which way the walk goes on. No work is done in them. */
export const RECEIVE_BILL_CHOICES = ['IsManifestComplete', 'IsDeliveryNew', 'WhichEnd'] as const;
export const SPLIT_BILL_CHOICES = ['IsThereWork', 'IsThereAShard', 'WhichEnd'] as const;

/** Named end states: every execution ends in one of these. */
export const RECEIVE_BILL_ENDS = ['Registered', 'Ignored', 'Quarantined', 'Failed'] as const;
export const SPLIT_BILL_ENDS = ['Published', 'NothingToDo', 'Superseded', 'Quarantined', 'Failed'] as const;
