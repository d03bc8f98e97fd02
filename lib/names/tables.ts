/** Names of the Glue tables, without the database. Result tables are read through lists, internal ones by run. */
export const TABLES = {
  /** The customer ledger: what each customer is charged. Partitions: customer (injected), period (projected). */
  customerCharges: 'customer_charges',
  /** Per row and rule, the exact change it made. Partner only. Same partitions. */
  waterfall: 'waterfall',
  /** The cost ledger: delivered rows by owner. Partner only. Same partitions. */
  costs: 'costs',
  /** Owners of sub accounts by day, as one run planned them. Partition: run (injected). */
  owners: 'owners',
  /** Rows of one attempt of SplitByShard. Partitions: run, attempt (both injected). */
  split: 'split',
} as const;

/** The table of one run's delivered files, made by CreateDeliveredTable and dropped by CloseRun. */
export function deliveredTable(runId: string): string {
  return `delivered_${runId}`;
}

/** A table whose rows are found through published lists. */
export type PublishedTable = typeof TABLES.customerCharges | typeof TABLES.waterfall | typeof TABLES.costs;

/** Owners of rows that are not customers stand in the `customer` partition under these names; no customer id has this form. */
export const UNASSIGNED = 'unassigned';
export const PARTNER = 'partner';
