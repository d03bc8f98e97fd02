import { appendFileSync, createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Clock } from './clock.ts';
import { StateError } from './state-error.ts';

/** One line of an execution's history, with the field names of the API; times in milliseconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  readonly type: string;
  /** The details under their own name: `taskFailedEventDetails`, `stateEnteredEventDetails` … */
  readonly [details: string]: unknown;
}

/** Events an execution may have, the one that ends it included. */
export const HISTORY_LIMIT_EVENTS = 25_000;

/** One execution's history, appended to a file so that memory does not grow with it. */
export class History {
  readonly #file: string;
  readonly #clock: Clock;
  #count: number;

  /** Opens the history in `file`, going on where an earlier process left it. */
  constructor(file: string, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
    this.#count = existsSync(file) ? mendTail(file) : 0;
  }

  /** Id of the newest event. */
  get lastId(): number {
    return this.#count;
  }

  /**
   * Appends an event and answers its id.
   *
   * @throws {StateError} States.Runtime when only the place of the ending event is left.
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
   */
  append(type: string, previousEventId: number, details: Readonly<Record<string, unknown>> = {}): number {
    if (this.#count >= HISTORY_LIMIT_EVENTS - 1)
      throw new StateError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${HISTORY_LIMIT_EVENTS}).`,
      );
    return this.appendLast(type, previousEventId, details);
  }

  /** Appends the event that ends the execution: there is always room for it. */
  appendLast(type: string, previousEventId: number, details: Readonly<Record<string, unknown>>): number {
    const id = this.#count + 1;
    const event: HistoryEvent = { id, previousEventId, timestamp: this.#clock.now(), type, ...details };
    appendFileSync(this.#file, `${JSON.stringify(event)}\n`);
    this.#count = id;
    return id;
  }
}

/** Drops a line that a crash cut short, and answers how many whole ones there are. */
function mendTail(file: string): number {
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) writeFileSync(file, whole);
  return whole.split('\n').length - 1;
}

/** The events with ids `first` to `last`, oldest first, reading no more of the file than that. */
export async function readHistory(file: string, first: number, last: number): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const stream = createReadStream(file, 'utf8');
  let id = 0;
  for await (const line of createInterface({ input: stream })) {
    id += 1;
    if (id > last) break;
    if (id >= first) events.push(JSON.parse(line) as HistoryEvent);
  }
  stream.destroy();
  return events;
}
