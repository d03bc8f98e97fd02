import { Abandoned, unlessAborted } from './abort.ts';
import type { Clock } from './clock.ts';
import { StateError } from './state-error.ts';

/** How long a task may take, and how often it must be heard of. */
export interface TimeLimits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeat: { readonly seconds: number; readonly heardAt: () => number } | undefined;
}

/**
 * Runs work that is aborted when its time is over.
 *
 * A missed heartbeat reports itself as `States.Timeout`, as AWS's history does, and is found by both names.
 *
 * @throws {StateError} States.Timeout.
 */
export async function withinLimits<Result>(
  limits: TimeLimits,
  clock: Clock,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  const rivals: Promise<Result>[] = [unlessAborted(work(signal), signal)];
  if (limits.timeoutSeconds !== undefined) rivals.push(timeLimit(limits.timeoutSeconds, clock, signal));
  if (limits.heartbeat !== undefined) rivals.push(silenceLimit(limits.heartbeat, clock, signal));
  try {
    return await Promise.race(rivals);
  } finally {
    over.abort(new Abandoned('the task is over'));
  }
}

async function timeLimit(seconds: number, clock: Clock, signal: AbortSignal): Promise<never> {
  await clock.sleep(seconds * 1000, signal);
  throw new StateError('States.Timeout');
}

async function silenceLimit(
  { seconds, heardAt }: { readonly seconds: number; readonly heardAt: () => number },
  clock: Clock,
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    const rest = heardAt() + seconds * 1000 - clock.now();
    if (rest <= 0) throw new StateError('States.Timeout', undefined, ['States.HeartbeatTimeout']);
    await clock.sleep(rest, signal);
  }
}
