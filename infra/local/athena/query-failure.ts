/**
 * Why a query ends FAILED, in the words Athena (Trino) uses: `code: message` becomes the StateChangeReason. Anything
 * else that is thrown while a query runs is a fault of the stand-in, or DuckDB's own error (see `engine-error.ts`).
 * https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
 */
export class QueryFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'QueryFailure';
    this.code = code;
  }

  /** What GetQueryExecution shows. */
  get reason(): string {
    return `${this.code}: ${this.message}`;
  }
}
