import { QueryFailure } from './query-failure.ts';
import { sqlTokens } from './sql-tokens.ts';

/**
 * Puts the execution parameters in the place of the question marks. Each is SQL text of its own, quotes included.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements-querying-using-execution-parameters.html
 *
 * @throws QueryFailure when their number is not that of the question marks.
 */
export function bindParameters(sql: string, parameters: readonly string[]): string {
  const marks = sqlTokens(sql).filter(({ kind, value }) => kind === 'mark' && value === '?');
  if (marks.length !== parameters.length)
    throw new QueryFailure(
      'INVALID_PARAMETER_USAGE',
      `Incorrect number of parameters: expected ${marks.length} but found ${parameters.length}`,
    );
  let end = sql.length;
  let bound = '';
  for (const [i, mark] of [...marks.entries()].reverse()) {
    bound = `${parameters[i] ?? ''}${sql.slice(mark.end, end)}${bound}`;
    end = mark.start;
  }
  return sql.slice(0, end) + bound;
}
