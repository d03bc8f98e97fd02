import { z } from 'zod';
import { ColumnInfo } from './column-info.ts';
import { ResultIndex } from './result-file.ts';

/** What a query that succeeded leaves to be asked for. */
export const QueryOutcome = z
  .object({
    /** Athena's SubstatementType. */
    kind: z.enum(['SELECT', 'UNLOAD', 'CREATE_TABLE', 'DROP_TABLE']),
    /** `s3://` address of the result: a CSV file of a SELECT, otherwise a name that Athena gives. */
    outputFile: z.string(),
    columns: z.array(ColumnInfo).readonly(),
    /** Where a SELECT's rows stand in the result; absent for statements without rows. */
    index: ResultIndex.optional(),
    /** Rows written by UNLOAD. */
    updateCount: z.number(),
    /** Sizes of all files read, whole: Athena bills less where it skips columns. */
    dataScannedBytes: z.number(),
    /** `s3://` address of the list of files UNLOAD wrote. */
    manifest: z.string().optional(),
  })
  .readonly();
export type QueryOutcome = z.infer<typeof QueryOutcome>;
