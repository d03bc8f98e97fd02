import type { QueryRow } from './query-engine.ts';

/** All published rows, the partner's own tables too, read with the rights of the partner's session. */
export interface PartnerLedger {
  /** Runs a SELECT over `costs`, `waterfall` or `customer_charges`. */
  query(statement: string): Promise<readonly QueryRow[]>;
}
