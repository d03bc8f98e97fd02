/** The state machines, as far as our code starts and asks about them. */
export interface Executions {
  /** Starts under this name; `'exists'` when the name was used before. */
  start(machine: 'receive-bill' | 'split-bill', name: string, input: unknown): Promise<'started' | 'exists'>;
  /** `undefined` when there is no such execution. */
  status(
    executionArn: string,
  ): Promise<'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE' | undefined>;
}

/** Answers to a task that waits for its token. A dead token is `false`: drop the message. */
export interface TaskTokens {
  heartbeat(token: string): Promise<boolean>;
  succeed(token: string, output: unknown): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
}
