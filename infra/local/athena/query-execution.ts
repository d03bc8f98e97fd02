import { randomUUID } from 'node:crypto';
import type { QueryFailure } from './query-failure.ts';
import type { QueryOutcome } from './query-outcome.ts';

/** What a caller asks for, after the work group has had its say. */
export interface QueryRequest {
  readonly query: string;
  /** The database of names without one. */
  readonly database: string;
  readonly catalog: string;
  readonly workGroup: string;
  /** `s3://bucket/prefix` for the result. */
  readonly outputLocation: string;
  readonly executionParameters: readonly string[];
}

export type QueryState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** One query from its submission to its end. Times are milliseconds since 1970. */
export class QueryExecution {
  readonly id: string = randomUUID();
  readonly request: QueryRequest;
  readonly submittedAt = Date.now();
  #state: QueryState = 'QUEUED';
  #startedAt: number | undefined;
  #endedAt: number | undefined;
  #failure: QueryFailure | undefined;
  #outcome: QueryOutcome | undefined;
  /** Stops the engine while it works on this query. */
  interrupt: () => void = () => {};

  constructor(request: QueryRequest) {
    this.request = request;
  }

  get state(): QueryState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }

  /** Present once it has succeeded. */
  get outcome(): QueryOutcome | undefined {
    return this.#outcome;
  }

  start(): void {
    this.#state = 'RUNNING';
    this.#startedAt = Date.now();
  }

  succeed(outcome: QueryOutcome): void {
    this.#outcome = outcome;
    this.#end('SUCCEEDED');
  }

  fail(failure: QueryFailure): void {
    this.#failure = failure;
    this.#end('FAILED');
  }

  /** An ended query stays as it is. */
  cancel(): void {
    if (this.isOver) return;
    this.#end('CANCELLED');
    this.interrupt();
  }

  #end(state: QueryState): void {
    if (this.isOver) return;
    this.#state = state;
    this.#endedAt = Date.now();
  }

  /** https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html */
  describe(): Readonly<Record<string, unknown>> {
    const { query, database, catalog, workGroup, outputLocation, executionParameters } = this.request;
    const end = this.#endedAt ?? Date.now();
    const { kind = 'SELECT', outputFile, dataScannedBytes = 0, manifest } = this.#outcome ?? {};
    return {
      QueryExecutionId: this.id,
      Query: query,
      StatementType: kind === 'SELECT' || kind === 'UNLOAD' ? 'DML' : 'DDL',
      SubstatementType: kind,
      ResultConfiguration: { OutputLocation: outputFile ?? `${outputLocation}${this.id}` },
      QueryExecutionContext: { Database: database, Catalog: catalog },
      ...(executionParameters.length > 0 && { ExecutionParameters: executionParameters }),
      Status: {
        State: this.#state,
        SubmissionDateTime: this.submittedAt / 1000,
        ...(this.isOver && { CompletionDateTime: end / 1000 }),
        ...(this.#state === 'CANCELLED' && { StateChangeReason: 'Query cancelled by user' }),
        ...this.#describeFailure(),
      },
      Statistics: {
        EngineExecutionTimeInMillis: this.#startedAt === undefined ? 0 : end - this.#startedAt,
        QueryQueueTimeInMillis: (this.#startedAt ?? end) - this.submittedAt,
        TotalExecutionTimeInMillis: end - this.submittedAt,
        DataScannedInBytes: dataScannedBytes,
        ...(manifest && { DataManifestLocation: manifest }),
      },
      WorkGroup: workGroup,
      EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    };
  }

  #describeFailure() {
    if (!this.#failure) return {};
    const { reason } = this.#failure;
    const isOurs = this.#failure.code === 'GENERIC_INTERNAL_ERROR';
    return {
      StateChangeReason: reason,
      AthenaError: { ErrorCategory: isOurs ? 1 : 2, Retryable: isOurs, ErrorMessage: reason },
    };
  }
}
