import { AthenaClient, type AthenaClientConfig } from '@aws-sdk/client-athena';
import type { QueryRow } from '../../ports/query-engine.ts';
import { type AthenaOptions, athenaQueryEngine } from './athena-query-engine.ts';

/** Credentials of a session, as Athena's client takes them. */
export type AthenaCredentials = NonNullable<AthenaClientConfig['credentials']>;

/** API Gateway gives an answer 30 seconds; what is left is for the rest of the request. */
const QUERY_TIMEOUT_SECONDS = 25;

/** Runs a SELECT in a session of its own, within what a request may take. */
export async function sessionRows(
  credentials: AthenaCredentials,
  options: AthenaOptions,
  statement: string,
): Promise<readonly QueryRow[]> {
  const client = new AthenaClient({ credentials });
  try {
    const engine = athenaQueryEngine(client, options);
    return await engine.rows(await engine.run(statement, { timeoutSeconds: QUERY_TIMEOUT_SECONDS }));
  } finally {
    client.destroy();
  }
}
