import { setTimeout as sleep } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { OWNER_CREDENTIALS } from '../../infra/local/machine/sdk-environment.ts';
import type { Machine } from '../../infra/local/machine.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { exact, plain } from './exact.ts';

/** How a query ended: its rows, each as its cells' text, or why it did not run. */
export type QueryEnd = { readonly rows: readonly (readonly (string | null)[])[] } | { readonly failure: string };

/**
 * Runs a statement as any SQL client would: StartQueryExecution in the template's database and work group, nothing else.
 * Answers of up to 999 rows are read.
 */
export async function askAthena(machine: Machine, QueryString: string): Promise<QueryEnd> {
  const client = new AthenaClient({
    endpoint: machine.endpoints.ATHENA,
    region: machine.region,
    credentials: OWNER_CREDENTIALS,
  });
  try {
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString,
        WorkGroup: String(machine.outputs[OUTPUTS.workGroupName]),
        QueryExecutionContext: { Database: String(machine.outputs[OUTPUTS.databaseName]) },
      }),
    );
    for (;;) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason } = QueryExecution?.Status ?? {};
      if (State === 'FAILED' || State === 'CANCELLED') return { failure: StateChangeReason ?? '' };
      if (State === 'SUCCEEDED') break;
      await sleep(20);
    }
    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const [, ...rows] = ResultSet?.Rows ?? [];
    return { rows: rows.map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null)) };
  } finally {
    client.destroy();
  }
}

/**
 * The answer's cells; numbers as plain decimals, and the sum of no rows as 0.
 *
 * @throws Error with Athena's reason where the query failed
 */
export async function select(machine: Machine, statement: string): Promise<(string | null)[][]> {
  const end = await askAthena(machine, statement);
  if ('failure' in end) throw new Error(end.failure);
  const ofNothing = statement.startsWith('SELECT count') ? '0' : null;
  return end.rows.map((cells) => cells.map((cell) => (cell === null ? ofNothing : plainCell(cell))));
}

function plainCell(cell: string): string {
  return /^-?[\d.]+$/.test(cell) ? plain(exact(cell)) : cell;
}
