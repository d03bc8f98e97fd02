import type { Retrier } from './definition.ts';
import { matchesError } from './error-matching.ts';
import type { StateError } from './state-error.ts';

/**
 * A state's retriers with how often each was used: the first that answers to an error decides, and each counts for itself.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
 */
export class Retries {
  readonly #retriers: readonly Retrier[];
  readonly #used = new Map<Retrier, number>();

  constructor(retriers: readonly Retrier[] = []) {
    this.#retriers = retriers;
  }

  /** Milliseconds until the next attempt; undefined where there is none. */
  next(error: StateError): number | undefined {
    const retrier = this.#retriers.find(({ ErrorEquals }) => matchesError(ErrorEquals, error));
    if (retrier === undefined) return undefined;
    const used = this.#used.get(retrier) ?? 0;
    if (used >= retrier.MaxAttempts) return undefined;
    this.#used.set(retrier, used + 1);
    return backOffSeconds(retrier, used) * 1000;
  }
}

/** IntervalSeconds grown by BackoffRate for each use before, at most MaxDelaySeconds; FULL jitter takes any part of it. */
function backOffSeconds(
  { IntervalSeconds, BackoffRate, MaxDelaySeconds, JitterStrategy }: Retrier,
  used: number,
): number {
  const grown = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds ?? Number.MAX_SAFE_INTEGER);
  return JitterStrategy === 'FULL' ? grown * Math.random() : grown;
}
