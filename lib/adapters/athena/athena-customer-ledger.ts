import type { CustomerId } from '../../domain/ids.ts';
import type { CustomerLedger } from '../../ports/customer-ledger.ts';
import type { AthenaOptions } from './athena-query-engine.ts';
import { type AthenaCredentials, sessionRows } from './session-rows.ts';

/** Credentials of a customer's session. */
type CredentialsOf = (customerId: CustomerId) => Promise<AthenaCredentials>;

/** Reads a customer's ledger through Athena, each query in a session that can see this customer only. */
export function athenaCustomerLedger(credentialsOf: CredentialsOf, options: AthenaOptions): CustomerLedger {
  return {
    query: async (customerId, statement) => await sessionRows(await credentialsOf(customerId), options, statement),
  };
}
