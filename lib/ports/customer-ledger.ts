import type { CustomerId } from '../domain/ids.ts';
import type { QueryRow } from './query-engine.ts';

/** One customer's published rows, read with that customer's own rights and nobody else's. */
export interface CustomerLedger {
  /** Runs a SELECT over `customer_charges` as the customer. */
  query(customerId: CustomerId, statement: string): Promise<readonly QueryRow[]>;
}
