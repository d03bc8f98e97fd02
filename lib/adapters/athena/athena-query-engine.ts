import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { Problem } from '../../domain/problem.ts';
import type { QueryEngine, QueryRow } from '../../ports/query-engine.ts';

/** Where statements run and how often their state is asked for. */
export interface AthenaOptions {
  readonly workGroup: string;
  readonly database: string;
  readonly pollMilliseconds?: number;
  /** The `s3://` folder for answers; absent: the workgroup's own. */
  readonly outputLocation?: string;
}

/** Athena as the query engine of the pipeline. */
export function athenaQueryEngine(client: AthenaClient, options: AthenaOptions): QueryEngine {
  const { workGroup, database, pollMilliseconds = 250, outputLocation } = options;
  return {
    async run(statement, { requestToken, timeoutSeconds }) {
      const { QueryExecutionId } = await client.send(
        new StartQueryExecutionCommand({
          QueryString: statement,
          WorkGroup: workGroup,
          QueryExecutionContext: { Database: database },
          ...(requestToken === undefined ? {} : { ClientRequestToken: requestToken }),
          ...(outputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation: outputLocation } }),
        }),
      );
      if (QueryExecutionId === undefined) throw new Error('Athena started a query without an id');
      const deadline = Date.now() + timeoutSeconds * 1000;
      for (;;) {
        const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
        const { State, StateChangeReason } = QueryExecution?.Status ?? {};
        if (State === 'SUCCEEDED') return QueryExecutionId;
        if (State === 'FAILED' || State === 'CANCELLED')
          throw new Problem('query_failed', { step: 'Athena', reason: StateChangeReason ?? State });
        if (Date.now() > deadline) {
          await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
          throw new Problem('query_failed', { step: 'Athena', reason: `not done after ${timeoutSeconds} seconds` });
        }
        await sleep(pollMilliseconds);
      }
    },
    async rows(queryExecutionId) {
      const rows: QueryRow[] = [];
      let nextToken: string | undefined;
      let isFirstPage = true;
      do {
        const { ResultSet, NextToken } = await client.send(
          new GetQueryResultsCommand({
            QueryExecutionId: queryExecutionId,
            ...(nextToken === undefined ? {} : { NextToken: nextToken }),
          }),
        );
        const names = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name }) => Name ?? '');
        // The first row of a SELECT's first page is its header (Athena, GetQueryResults).
        for (const { Data = [] } of (ResultSet?.Rows ?? []).slice(isFirstPage ? 1 : 0))
          rows.push(Object.fromEntries(names.map((name, index) => [name, Data[index]?.VarCharValue ?? null])));
        isFirstPage = false;
        nextToken = NextToken;
      } while (nextToken !== undefined);
      return rows;
    },
  };
}
