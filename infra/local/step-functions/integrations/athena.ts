import {
  type AthenaClient,
  GetQueryExecutionCommand,
  type GetQueryExecutionCommandInput,
  GetQueryResultsCommand,
  type GetQueryResultsCommandInput,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
  StopQueryExecutionCommand,
  type StopQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';
import { Abandoned } from '../abort.ts';
import { StateError } from '../state-error.ts';
import { apiCall, plainResult } from './api-call.ts';
import type { Integration, IntegrationContext, Integrations } from './integration.ts';
import { sdkFailure } from './sdk-failure.ts';

/** How often a started query is looked at, in milliseconds. */
const POLL_MILLISECONDS = 250;

/**
 * `arn:aws:states:::athena:startQueryExecution` (plain and `.sync`), `stopQueryExecution`, `getQueryExecution` and
 * `getQueryResults`, and the last two as AWS SDK integrations.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
 */
export const athenaQueries = (client: AthenaClient): Integrations => {
  const getQueryExecution = (service: string) =>
    apiCall<GetQueryExecutionCommandInput>(service, (request, options) =>
      client.send(new GetQueryExecutionCommand(request), options),
    );
  const getQueryResults = (service: string) =>
    apiCall<GetQueryResultsCommandInput>(service, (request, options) =>
      client.send(new GetQueryResultsCommand(request), options),
    );
  return {
    'arn:aws:states:::athena:startQueryExecution': startQueryExecution(client),
    'arn:aws:states:::athena:stopQueryExecution': apiCall<StopQueryExecutionCommandInput>(
      'Athena',
      (request, options) => client.send(new StopQueryExecutionCommand(request), options),
    ),
    'arn:aws:states:::athena:getQueryExecution': getQueryExecution('Athena'),
    'arn:aws:states:::athena:getQueryResults': getQueryResults('Athena'),
    'arn:aws:states:::aws-sdk:athena:getQueryExecution': getQueryExecution('Athena'),
    'arn:aws:states:::aws-sdk:athena:getQueryResults': getQueryResults('Athena'),
  };
};

/** With `.sync` the result is `{ QueryExecution }`; a query that fails or is cancelled is `States.TaskFailed`, with it as cause. */
function startQueryExecution(client: AthenaClient): Integration {
  const start = apiCall<StartQueryExecutionCommandInput>('Athena', (request, options) =>
    client.send(new StartQueryExecutionCommand(request), options),
  );
  return async (args, context) => {
    const started = await start(args, context);
    if (context.pattern !== 'sync') return started;
    context.submitted(started);
    const { QueryExecutionId } = started as { readonly QueryExecutionId: string };
    try {
      return await queryEnd(client, QueryExecutionId, context);
    } catch (thrown) {
      if (context.signal.aborted) await stopQuery(client, QueryExecutionId, context.signal.reason);
      throw sdkFailure('Athena', thrown);
    }
  };
}

async function queryEnd(client: AthenaClient, id: string, { clock, signal }: IntegrationContext): Promise<unknown> {
  for (;;) {
    const answer = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }), { abortSignal: signal });
    const state = answer.QueryExecution?.Status?.State;
    const { QueryExecution } = plainResult(answer);
    if (state === 'SUCCEEDED') return { QueryExecution };
    if (state === 'FAILED' || state === 'CANCELLED')
      throw new StateError('States.TaskFailed', JSON.stringify({ QueryExecution }));
    await clock.sleep(POLL_MILLISECONDS, signal);
  }
}

/** A task nobody waits for any more takes its query with it, as in AWS; a stand-in that closes takes it up again later. */
async function stopQuery(client: AthenaClient, id: string, reason: unknown): Promise<void> {
  if (reason instanceof Abandoned && reason.closing) return;
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
}
