import type { Objects } from '../s3/objects.ts';
import { AthenaProblem } from './athena-problem.ts';
import type { QueryExecution } from './query-execution.ts';
import { readResultRows } from './result-file.ts';
import { parseS3Uri } from './s3-uri.ts';

/**
 * A page of a query's rows, read from the result object as Athena does: who deletes it loses the rows. The first row
 * of a SELECT is its header and counts as one.
 *
 * @throws AthenaProblem while the query has not succeeded, or when the object is gone.
 */
export async function queryResults(
  execution: QueryExecution,
  objects: Objects,
  page: { readonly first: number; readonly count: number },
): Promise<unknown> {
  const { outcome, state } = execution;
  if (!outcome) {
    const words = execution.isOver
      ? `Query did not finish successfully. Final query state: ${state}`
      : `Query has not yet finished. Current state: ${state}`;
    throw new AthenaProblem(words, 'InvalidRequestException', 'INVALID_QUERY_EXECUTION_STATUS');
  }
  const answer = {
    UpdateCount: outcome.updateCount,
    ResultSet: { Rows: [], ResultSetMetadata: { ColumnInfo: outcome.columns } },
  };
  if (!outcome.index) return answer;
  const { bucket, key } = parseS3Uri(outcome.outputFile);
  const object = objects.find(bucket, key);
  if (!object) throw new AthenaProblem(`Could not find results at ${outcome.outputFile}`);
  const rows = await readResultRows(object.path, outcome.index, page);
  const next = page.first + rows.length;
  return {
    ...answer,
    ResultSet: {
      ...answer.ResultSet,
      Rows: rows.map((row) => ({ Data: row.map((text) => (text === undefined ? {} : { VarCharValue: text })) })),
    },
    ...(next < outcome.index.rowCount && { NextToken: String(next) }),
  };
}
