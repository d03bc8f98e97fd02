import type { ExecutionRecord } from './records.ts';

/** An execution can be redriven for 14 days after it failed. */
const REDRIVABLE_MILLISECONDS = 14 * 86_400_000;

/**
 * Whether an execution may be redriven, and why not.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
export function redriveStatus(
  { status, stopDate }: Pick<ExecutionRecord, 'status' | 'stopDate'>,
  now: number,
): { readonly status: 'REDRIVABLE' | 'NOT_REDRIVABLE'; readonly reason?: string } {
  if (status === 'RUNNING' || status === 'SUCCEEDED')
    return { status: 'NOT_REDRIVABLE', reason: `Execution is ${status} and cannot be redriven` };
  if (stopDate !== undefined && now - stopDate > REDRIVABLE_MILLISECONDS)
    return { status: 'NOT_REDRIVABLE', reason: 'Execution is over 14 days old and cannot be redriven' };
  return { status: 'REDRIVABLE' };
}
