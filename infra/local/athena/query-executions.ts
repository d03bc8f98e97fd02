import { AccessDenied } from '../iam/access-denied.ts';
import { AthenaProblem } from './athena-problem.ts';
import { queryFailureOf } from './engine-error.ts';
import { QueryExecution } from './query-execution.ts';
import { QueryFailure } from './query-failure.ts';
import { QueryQueue } from './query-queue.ts';
import { newQueryRecord, type QueryRecord, type QueryRecords, type QueryRequest } from './query-record.ts';
import { type QueryWorld, runQuery } from './run-query.ts';

const fingerprint = ({ query, database, workGroup, outputLocation, executionParameters }: QueryRequest): string =>
  JSON.stringify([query, database, workGroup, outputLocation, executionParameters]);

/** Every query that is known, by id and by the token it was asked with. */
export class QueryExecutions {
  readonly #world: QueryWorld;
  readonly #records: QueryRecords;
  readonly #queue: QueryQueue;
  readonly #byId = new Map<string, QueryExecution>();
  readonly #byToken = new Map<string, QueryExecution>();
  #isClosing = false;

  /**
   * Takes up what an earlier process left: ended queries as they are, the others from their beginning.
   *
   * @param concurrency how many run at once; the others wait as QUEUED.
   */
  constructor(world: QueryWorld, records: QueryRecords, concurrency: number) {
    this.#world = world;
    this.#records = records;
    this.#queue = new QueryQueue(concurrency);
    for (const record of records.load())
      this.#add(record.endedAt === undefined ? { ...record, state: 'QUEUED' } : record);
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
    return this.#add(newQueryRecord(request, token));
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

  /** Lets go of what has not ended, to be taken up by a later process, and waits until the engine is done with its files. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const execution of this.#byId.values()) execution.interrupt();
    await this.#queue.idle();
  }

  #add(record: QueryRecord): QueryExecution {
    const execution = new QueryExecution(record, (changed) => this.#records.save(changed));
    this.#byId.set(execution.id, execution);
    if (execution.token !== undefined) this.#byToken.set(execution.token, execution);
    if (execution.isOver) return execution;
    this.#records.save(record);
    this.#queue.add(() => this.#run(execution));
    return execution;
  }

  async #run(execution: QueryExecution): Promise<void> {
    if (execution.isOver || this.#isClosing) return;
    execution.start();
    const uris = new Map<string, string>();
    try {
      const onFile = (path: string, uri: string) => void uris.set(path, uri);
      execution.succeed(await runQuery(execution, { ...this.#world, onFile }));
    } catch (error) {
      if (this.#isClosing) return;
      const failure =
        error instanceof AccessDenied
          ? new QueryFailure('PERMISSION_DENIED', error.message)
          : queryFailureOf(error, (path) => uris.get(path));
      execution.fail(failure);
    }
  }
}
