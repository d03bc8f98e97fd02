import type { Integration, Integrations } from '../../infra/local/step-functions/integrations/integration.ts';
import { type InvokeLambda, lambdaInvoke } from '../../infra/local/step-functions/integrations/lambda-invoke.ts';
import { StateError } from '../../infra/local/step-functions/state-error.ts';
import type { QueryEngine, QueryRow } from '../../lib/ports/query-engine.ts';
import type { InvocationWorld } from './invocation.ts';
import { chance } from './random.ts';

/** Does a statement at once; its files appear under the query's id. */
export type DoStatement = (statement: string, queryId: string) => Promise<readonly QueryRow[]>;

interface Query {
  readonly id: string;
  readonly ended: Promise<'SUCCEEDED' | { readonly failedWith: string }>;
}

/** Athena as the pipeline sees it: queries by request token, each with a duration and its own fate. */
export class Queries {
  readonly #world: InvocationWorld;
  readonly #do: DoStatement;
  readonly #rows = new Map<string, readonly QueryRow[]>();
  readonly #byToken = new Map<string, Query>();
  #started = 0;
  #asked = 0;

  constructor(world: InvocationWorld, doStatement: DoStatement) {
    this.#world = world;
    this.#do = doStatement;
  }

  /** What functions ask themselves: DROP TABLE, and the rows of finished queries. */
  readonly engine: QueryEngine = {
    run: async (statement) => {
      const id = `function-query-${this.#started++}`;
      this.#rows.set(id, await this.#do(statement, id));
      return id;
    },
    rows: async (id) => {
      const rows = this.#rows.get(id);
      if (rows === undefined) throw new Error(`no rows of ${id}`);
      return rows;
    },
  };

  /** `arn:aws:states:::athena:startQueryExecution.sync`. A token that was seen before is its old query. */
  readonly integration: Integration = async (args, { signal }) => {
    const { QueryString, ClientRequestToken } = args as { QueryString: string; ClientRequestToken: string };
    const known = this.#byToken.get(ClientRequestToken);
    const number = this.#asked;
    if (known === undefined) this.#asked += 1;
    const fault = this.#world.faults.find((one) => one.kind === 'query' && one.query === number);
    if (known === undefined && fault?.kind === 'query' && fault.how === 'throttled') {
      this.#world.occurrences.note('athena throttled');
      throw new StateError('Athena.TooManyRequestsException', 'You have exceeded the limit for the number of queries');
    }
    const query = known ?? this.#start(QueryString, fault?.kind === 'query' ? fault : undefined);
    this.#byToken.set(ClientRequestToken, query);
    const end = await query.ended;
    signal.throwIfAborted();
    const QueryExecution = (Status: object) => ({ QueryExecutionId: query.id, Status });
    if (end !== 'SUCCEEDED')
      throw new StateError(
        'States.TaskFailed',
        JSON.stringify({ QueryExecution: QueryExecution({ State: 'FAILED', StateChangeReason: end.failedWith }) }),
      );
    return { QueryExecution: QueryExecution({ State: 'SUCCEEDED' }) };
  };

  #start(statement: string, fault: { readonly how: string; readonly seconds: number } | undefined): Query {
    const { scheduler, occurrences, seed, trace } = this.#world;
    const id = `query-${this.#started++}`;
    const { promise, resolve } = Promise.withResolvers<Awaited<Query['ended']>>();
    const slow = fault?.how === 'slow' ? fault.seconds : 0;
    if (fault !== undefined) {
      trace(`! ${id} ${fault.how} ${statement.slice(0, 60).replaceAll('\n', ' ')}`);
      const names = {
        failed: 'athena failed',
        failed_after_writing: 'athena failed after writing',
        slow: 'athena slow',
      } as const;
      if (fault.how in names) occurrences.note(names[fault.how as keyof typeof names]);
    }
    scheduler.after((1 + slow + 6 * chance(seed, id)) * 1000, () => {
      trace(`  ${id} ${statement.slice(0, 60).replaceAll('\n', ' ')}`);
      if (fault?.how === 'failed') return resolve({ failedWith: 'GENERIC_INTERNAL_ERROR: no' });
      void scheduler
        .really(() => this.#do(statement, id))
        .then(
          (rows) => {
            this.#rows.set(id, rows);
            resolve(
              fault?.how === 'failed_after_writing' ? { failedWith: 'GENERIC_INTERNAL_ERROR: late' } : 'SUCCEEDED',
            );
          },
          (error: unknown) => resolve({ failedWith: String(error) }),
        );
    });
    return { id, ended: promise };
  }
}

/** The service integrations of the template's machines. `tasks` faults strike the calls that a machine itself makes. */
export function integrationsOf(
  world: InvocationWorld,
  { invoke, send, queries }: { invoke: InvokeLambda; send: (queueUrl: string, body: string) => void; queries: Queries },
): Integrations {
  const called = { lambda: 0, sqs: 0 };
  const refused = (of: 'lambda' | 'sqs') => {
    const task = called[of];
    called[of] += 1;
    const isRefused = world.faults.some((one) => one.kind === 'task' && one.of === of && one.task === task);
    if (isRefused) world.occurrences.note(of === 'lambda' ? 'lambda throttled' : 'sqs throttled');
    return isRefused;
  };
  const toLambda = lambdaInvoke(async (call) => {
    if (refused('lambda')) throw Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' });
    return await invoke(call);
  });
  return {
    'arn:aws:states:::lambda:invoke': toLambda,
    'arn:aws:states:::sqs:sendMessage': async (args) => {
      if (refused('sqs')) throw new StateError('SQS.AmazonSQSException', 'The request was throttled');
      const { QueueUrl, MessageBody } = args as { QueueUrl: string; MessageBody: unknown };
      send(QueueUrl, JSON.stringify(MessageBody));
      return { MessageId: 'message' };
    },
    'arn:aws:states:::athena:startQueryExecution': queries.integration,
    'arn:aws:states:::events:putEvents': async () => ({ FailedEntryCount: 0, Entries: [] }),
  };
}
