/** Time as the interpreter knows it: every wait, back-off, time-out and time stamp goes through here, so tests can run fast. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after the time given; rejects with the signal's reason as soon as it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Node's timers fire at once above 2^31 - 1 ms; a task's longest time-out (99,999,999 s) is far above that. */
const LONGEST_TIMER_MILLISECONDS = 2_147_483_647;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    let rest = milliseconds;
    do {
      const part = Math.min(Math.max(rest, 0), LONGEST_TIMER_MILLISECONDS);
      await timer(part, signal);
      rest -= part;
    } while (rest > 0);
  },
};

function timer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(handle);
      reject(signal.reason);
    };
    const handle = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
