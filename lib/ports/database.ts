/** A DuckDB connection of one worker invocation, confined to its work folder. */
export interface Database {
  run(sql: string): Promise<void>;
  /** Rows with every value as text (decimals to the last digit, NULL as null). */
  rows(sql: string): Promise<ReadonlyArray<Readonly<Record<string, string | null>>>>;
  /** One more connection to the same tables, for work side by side; temporary views and tables are its own. */
  another(): Promise<Database>;
  close(): void;
}

/** Opens a database that may touch `folder` only, with this much memory. */
export type OpenDatabase = (options: { folder: string; memoryMegabytes: number; threads: number }) => Promise<Database>;
