import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../../../infra/local/step-functions/clock.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Lets time pass, waking sleepers in order and letting each do what it does next. */
  pass(milliseconds: number): Promise<void>;
}

/** Lets whoever woke up call, answer and sleep again: some real time, and turns of the event loop should that be taken away. */
async function settle(): Promise<void> {
  await pause(10);
  for (let turn = 0; turn < 30; turn += 1) await nextTurn();
}

/** Starts at a time that is easy to recognise. */
export function manualClock(start = Date.parse('2026-11-22T10:00:00Z')): ManualClock {
  let time = start;
  const sleepers = new Set<Sleeper>();
  const wakeDue = () => {
    for (const sleeper of sleepers) if (sleeper.until <= time) sleeper.wake();
  };
  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const sleeper = {
          until: time + milliseconds,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
        if (milliseconds <= 0) sleeper.wake();
      }),
    async pass(milliseconds) {
      const end = time + milliseconds;
      await settle();
      for (;;) {
        const due = Math.min(...[...sleepers].map(({ until }) => until));
        if (due > end) break;
        time = Math.max(time, due);
        wakeDue();
        await settle();
      }
      time = end;
    },
  };
}
