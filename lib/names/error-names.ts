/**
 * Names of errors that the state machines match on (`errorType` of a Lambda's answer, `error` of a failed token).
 * The message of a `Quarantined` is the JSON of a problem (`lib/domain/problem.ts`).
 */
export const ERROR_NAMES = {
  /** The bill or the result is wrong: no retry, the problem is shown, what was published before stays. */
  quarantined: 'Quarantined',
  /** A newer delivery came, or the lease went to another execution: this run ends without a result. */
  superseded: 'Superseded',
  /** Something outside answered "later": tried again with back-off. */
  tryAgain: 'TryAgain',
  /** A worker gave a shard or batch up after all receives of its message. */
  workerFailed: 'WorkerFailed',
} as const;
