import { QueryFailure } from './query-failure.ts';
import type { QueryOutcome } from './query-outcome.ts';
import type { QueryRecord, QueryRequest } from './query-record.ts';

/** One query from its submission to its end. */
export class QueryExecution {
  #record: QueryRecord;
  readonly #save: (record: QueryRecord) => void;
  /** Stops the engine while it works on this query. */
  interrupt: () => void = () => {};

  /** @param save called with every new state. */
  constructor(record: QueryRecord, save: (record: QueryRecord) => void) {
    this.#record = record;
    this.#save = save;
  }

  get id(): string {
    return this.#record.id;
  }

  get token(): string | undefined {
    return this.#record.token;
  }

  get request(): QueryRequest {
    return this.#record.request;
  }

  get state(): QueryRecord['state'] {
    return this.#record.state;
  }

  get submittedAt(): Date {
    return new Date(this.#record.submittedAt);
  }

  get isOver(): boolean {
    return this.#record.endedAt !== undefined;
  }

  /** Present once it has succeeded. */
  get outcome(): QueryOutcome | undefined {
    return this.#record.outcome;
  }

  start(): void {
    this.#change({ state: 'RUNNING', startedAt: Date.now() });
  }

  succeed(outcome: QueryOutcome): void {
    this.#change({ state: 'SUCCEEDED', endedAt: Date.now(), outcome });
  }

  fail({ code, message }: QueryFailure): void {
    this.#change({ state: 'FAILED', endedAt: Date.now(), failure: { code, message } });
  }

  cancel(): void {
    this.#change({ state: 'CANCELLED', endedAt: Date.now() });
    this.interrupt();
  }

  /** A query that has ended stays as it is. */
  #change(change: Partial<QueryRecord>): void {
    if (this.isOver) return;
    this.#record = { ...this.#record, ...change };
    this.#save(this.#record);
  }

  /** https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html */
  describe(): Readonly<Record<string, unknown>> {
    const { id, request, submittedAt, startedAt, outcome } = this.#record;
    const end = this.#record.endedAt ?? Date.now();
    const { kind = 'SELECT', outputFile, dataScannedBytes = 0, manifest } = outcome ?? {};
    return {
      QueryExecutionId: id,
      Query: request.query,
      StatementType: kind === 'SELECT' || kind === 'UNLOAD' ? 'DML' : 'DDL',
      SubstatementType: kind,
      ResultConfiguration: { OutputLocation: outputFile ?? `${request.outputLocation}${id}` },
      QueryExecutionContext: { Database: request.database, Catalog: request.catalog },
      ...(request.executionParameters.length > 0 && { ExecutionParameters: request.executionParameters }),
      Status: this.#describeStatus(),
      Statistics: {
        EngineExecutionTimeInMillis: startedAt === undefined ? 0 : end - startedAt,
        QueryQueueTimeInMillis: (startedAt ?? end) - submittedAt,
        TotalExecutionTimeInMillis: end - submittedAt,
        DataScannedInBytes: dataScannedBytes,
        ...(manifest && { DataManifestLocation: manifest }),
      },
      WorkGroup: request.workGroup,
      EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    };
  }

  #describeStatus() {
    const { state, submittedAt, endedAt, failure } = this.#record;
    const reason = failure && new QueryFailure(failure.code, failure.message).reason;
    const isOurs = failure?.code === 'GENERIC_INTERNAL_ERROR';
    return {
      State: state,
      SubmissionDateTime: submittedAt / 1000,
      ...(endedAt !== undefined && { CompletionDateTime: endedAt / 1000 }),
      ...(state === 'CANCELLED' && { StateChangeReason: 'Query cancelled by user' }),
      ...(reason && {
        StateChangeReason: reason,
        AthenaError: { ErrorCategory: isOurs ? 1 : 2, Retryable: isOurs, ErrorMessage: reason },
      }),
    };
  }
}
