import type { PartnerLedger } from '../../ports/partner-ledger.ts';
import type { AthenaOptions } from './athena-query-engine.ts';
import { type AthenaCredentials, sessionRows } from './session-rows.ts';

/** Reads what is published of everybody through Athena, in sessions of the role that may. */
export function athenaPartnerLedger(
  credentials: () => Promise<AthenaCredentials>,
  options: AthenaOptions,
): PartnerLedger {
  return { query: async (statement) => await sessionRows(await credentials(), options, statement) };
}
