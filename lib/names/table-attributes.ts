/** Attributes of the DynamoDB tables that the template declares; all others are the adapters' own affair. */
export const TABLE_ATTRIBUTES = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Runs table: epoch seconds after which DynamoDB may delete the item. */
  timeToLive: 'expiresAtSeconds',
  /** Runs table: the index for lists, newest first, and its two keys. */
  listIndex: 'byList',
  listKey: 'listKey',
  listSort: 'listSort',
} as const;
