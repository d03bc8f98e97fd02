import { AthenaProblem } from './athena-problem.ts';
import { queryFailureOf } from './engine-error.ts';
import { QueryExecution, type QueryRequest } from './query-execution.ts';
import { QueryQueue } from './query-queue.ts';
import { type QueryWorld, runQuery } from './run-query.ts';

const fingerprint = ({ query, database, workGroup, outputLocation, executionParameters }: QueryRequest): string =>
  JSON.stringify([query, database, workGroup, outputLocation, executionParameters]);

/** Every query since the start, by id and by the token it was asked with. */
export class QueryExecutions {
  readonly #world: QueryWorld;
  readonly #queue: QueryQueue;
  readonly #byId = new Map<string, QueryExecution>();
  readonly #byToken = new Map<string, QueryExecution>();

  /** @param concurrency how many run at once; the others wait as QUEUED. */
  constructor(world: QueryWorld, concurrency: number) {
    this.#world = world;
    this.#queue = new QueryQueue(concurrency);
  }

  /**
   * Submits a query. The same token and request again is the same query, also when it has failed long since: a retry
   * needs a new token.
   *
   * @throws AthenaProblem when the token came with another request.
   */
  start(request: QueryRequest, token: string | undefined): QueryExecution {
    const earlier = token === undefined ? undefined : this.#byToken.get(token);
    if (earlier && fingerprint(earlier.request) !== fingerprint(request))
      throw new AthenaProblem('Idempotent parameters do not match');
    if (earlier) return earlier;
    const execution = new QueryExecution(request);
    this.#byId.set(execution.id, execution);
    if (token !== undefined) this.#byToken.set(token, execution);
    this.#queue.add(() => this.#run(execution));
    return execution;
  }

  find(id: string): QueryExecution | undefined {
    return this.#byId.get(id);
  }

  /** @throws AthenaProblem for an unknown id. */
  require(id: string): QueryExecution {
    const execution = this.find(id);
    if (!execution) throw new AthenaProblem(`QueryExecution ${id} was not found`);
    return execution;
  }

  /** Newest first. */
  list(workGroup: string): readonly QueryExecution[] {
    return [...this.#byId.values()].filter((execution) => execution.request.workGroup === workGroup).reverse();
  }

  /** Cancels whatever has not ended and waits until the engine has let go of its files. */
  async close(): Promise<void> {
    for (const execution of this.#byId.values()) execution.cancel();
    await this.#queue.idle();
  }

  async #run(execution: QueryExecution): Promise<void> {
    if (execution.isOver) return;
    execution.start();
    const uris = new Map<string, string>();
    try {
      const onFile = (path: string, uri: string) => void uris.set(path, uri);
      execution.succeed(await runQuery(execution, { ...this.#world, onFile }));
    } catch (error) {
      execution.fail(queryFailureOf(error, (path) => uris.get(path)));
    }
  }
}
