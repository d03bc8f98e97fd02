import type { ColumnInfo } from './column-info.ts';
import type { ParsedSelect } from './parsed-select.ts';
import type { ResultIndex } from './result-file.ts';
import type { TableSource } from './table-source.ts';
import type { Unload } from './unload-statement.ts';

/** A statement whose tables have been found: everything an engine needs to run it, and all it may read. */
export interface Reading {
  /** The SELECT, of an UNLOAD the one inside. */
  readonly sql: string;
  readonly parsed: ParsedSelect;
  /** The tables it reads, each with its files. */
  readonly sources: readonly TableSource[];
  /** Databases that names may mean, the statement's own first. */
  readonly databases: readonly string[];
  /** An empty local folder, the only one it may write to. */
  readonly folder: string;
  readonly memoryLimit: string;
  readonly threads: number;
}

/** What a SELECT leaves behind: the CSV file at the path it was given, and what GetQueryResults says of it. */
export interface SelectResult {
  readonly columns: readonly ColumnInfo[];
  readonly index: ResultIndex;
}

/** Parquet files that were written below a local folder, those of a partition in `name=value/`. */
export interface WrittenFiles {
  readonly rowCount: number;
  readonly paths: readonly string[];
}

/** Runs one statement, once: DuckDB, unless a judge puts another engine in its place. */
export interface StatementEngine {
  /** Runs the SELECT and writes its rows in Athena's form. */
  select(path: string): Promise<SelectResult>;
  /** Runs the SELECT and writes its rows as Parquet below an empty folder. */
  write(unload: Unload, folder: string): Promise<WrittenFiles>;
  /** Makes whatever runs, and whatever is run later, fail. */
  interrupt(): void;
  close(): void | Promise<void>;
}

/** Makes an engine ready for one statement. */
export type OpenEngine = (reading: Reading) => Promise<StatementEngine>;
