import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../infra/local/step-functions/clock.ts';

/** Something that will happen, and may be called off before. */
interface Event {
  readonly at: number;
  readonly number: number;
  readonly happen: () => void;
  cancelled: boolean;
}

/** What Node has still to do for a step or a state machine: while there is any of it, virtual time stands still. */
const REAL_WORK = /^(FSReq|CloseReq|Zlib|Immediate)/;

/**
 * Virtual time. What is to happen happens one after the other in the order of its time, and time goes on only once nobody
 * is doing anything real any more: reading a file, running a statement.
 */
export class Scheduler implements Clock {
  #now: number;
  #number = 0;
  #queue: Event[] = [];
  #busy = 0;
  #happened = 0;

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  /** Events so far. */
  get happened(): number {
    return this.#happened;
  }

  /** Milliseconds until `happen` is called; answers how to call it off. */
  after(milliseconds: number, happen: () => void): () => void {
    this.#number += 1;
    const event = { at: this.#now + Math.max(0, milliseconds), number: this.#number, happen, cancelled: false };
    let place = this.#queue.length;
    while (place > 0 && isLater(this.#queue[place - 1], event)) place -= 1;
    this.#queue.splice(place, 0, event);
    return () => {
      event.cancelled = true;
    };
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = () => {
        cancel();
        reject(signal.reason);
      };
      const cancel = this.after(milliseconds, () => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Keeps time standing still while `act` does something real that Node does not show as a request of its own. */
  async really<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#busy += 1;
    try {
      return await act();
    } finally {
      this.#busy -= 1;
    }
  }

  /** Lets things happen until `isOver`, or until nothing is left to happen. */
  async run(isOver: () => boolean): Promise<'over' | 'nothing_left'> {
    await this.#settle();
    for (;;) {
      if (isOver()) return 'over';
      const event = this.#queue.shift();
      if (event === undefined) return 'nothing_left';
      if (event.cancelled) continue;
      this.#now = event.at;
      this.#happened += 1;
      event.happen();
      await this.#settle();
    }
  }

  /** Turns of the event loop until nothing real is under way: each lets what was answered go on to its next question. */
  async #settle(): Promise<void> {
    let quietTurns = 0;
    while (quietTurns < 2) {
      await nextTurn();
      const isBusy = this.#busy > 0 || process.getActiveResourcesInfo().some((name) => REAL_WORK.test(name));
      quietTurns = isBusy ? 0 : quietTurns + 1;
    }
  }
}

function isLater(one: Event | undefined, other: Event): boolean {
  return one !== undefined && (one.at > other.at || (one.at === other.at && one.number > other.number));
}
