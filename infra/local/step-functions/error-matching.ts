import type { StateError } from './state-error.ts';

const TIME_OUTS = ['States.Timeout', 'States.HeartbeatTimeout'];

/**
 * Whether a retrier or catcher answers to an error.
 *
 * `States.TaskFailed` stands for any error but time-outs, `States.ALL` for any. Neither finds `States.DataLimitExceeded`,
 * which only its own name does; `States.Runtime` always fails the execution.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matchesError(errorEquals: readonly string[], { error, alsoNamed }: StateError): boolean {
  if (error === 'States.Runtime') return false;
  const names = [error, ...alsoNamed];
  if (errorEquals.some((name) => names.includes(name))) return true;
  if (error === 'States.DataLimitExceeded') return false;
  if (errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && !names.some((name) => TIME_OUTS.includes(name));
}
