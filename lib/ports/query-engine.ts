/** Rows of a finished query as text, by column name as selected; SQL NULL is null. */
export type QueryRow = Readonly<Record<string, string | null>>;

/** Athena, or what stands in for it. */
export interface QueryEngine {
  /** Starts a statement and waits for it; throws Problem `query_failed` with the engine's reason. Returns the query's id. */
  run(statement: string, options: { requestToken?: string; timeoutSeconds: number }): Promise<string>;
  /** Every row of a finished SELECT, all pages. */
  rows(queryExecutionId: string): Promise<readonly QueryRow[]>;
}
