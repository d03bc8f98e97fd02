import type { ColumnInfo } from './column-info.ts';
import type { ResultIndex } from './result-file.ts';
import type { Statement } from './statement.ts';

/** What a query that succeeded leaves to be asked for. */
export interface QueryOutcome {
  readonly kind: Statement['kind'];
  /** `s3://` address of the result: a CSV file of a SELECT, otherwise a name that Athena gives. */
  readonly outputFile: string;
  readonly columns: readonly ColumnInfo[];
  /** Where a SELECT's rows stand in the result; absent for statements without rows. */
  readonly index?: ResultIndex;
  /** Rows written by UNLOAD. */
  readonly updateCount: number;
  /** Sizes of all files read, whole: Athena bills less where it skips columns. */
  readonly dataScannedBytes: number;
  /** `s3://` address of the list of files UNLOAD wrote. */
  readonly manifest?: string;
}
