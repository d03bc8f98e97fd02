import { AthenaClient, type AthenaClientConfig } from '@aws-sdk/client-athena';
import type { CustomerId } from '../../domain/ids.ts';
import type { CustomerLedger } from '../../ports/customer-ledger.ts';
import { type AthenaOptions, athenaQueryEngine } from './athena-query-engine.ts';

/** Credentials of a customer's session. */
type CredentialsOf = (customerId: CustomerId) => Promise<NonNullable<AthenaClientConfig['credentials']>>;

/** API Gateway gives an answer 30 seconds; what is left is for the rest of the request. */
const QUERY_TIMEOUT_SECONDS = 25;

/** Reads a customer's ledger through Athena, each query in a session that can see this customer only. */
export function athenaCustomerLedger(credentialsOf: CredentialsOf, options: AthenaOptions): CustomerLedger {
  return {
    async query(customerId, statement) {
      const client = new AthenaClient({ credentials: await credentialsOf(customerId) });
      try {
        const engine = athenaQueryEngine(client, options);
        return await engine.rows(await engine.run(statement, { timeoutSeconds: QUERY_TIMEOUT_SECONDS }));
      } finally {
        client.destroy();
      }
    },
  };
}
