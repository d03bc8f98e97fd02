import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import { ServiceError } from './service-error.ts';
import type { StateError } from './state-error.ts';

/** One task that waits to be answered from outside. */
export interface OpenTask {
  readonly token: string;
  /** Resolves with the output, as JSON text, or rejects with the failure that was sent. */
  readonly answer: Promise<string>;
  /** When the task was last heard of, in milliseconds: its start, or a heartbeat. */
  readonly heardAt: () => number;
  /** From now on nobody waits for this token. */
  close(): void;
}

interface Entry {
  heardAt: number;
  readonly succeed: (output: string) => void;
  readonly fail: (error: StateError) => void;
}

/**
 * The tokens that are out. A token is good for one answer while its task waits; all others of ours are `TaskTimedOut`,
 * those of an earlier process too, and anything else is `InvalidToken`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */
export class TaskTokens {
  readonly #open = new Map<string, Entry>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Mints a token nobody has seen before: each attempt of a task gets its own. It tells whose task it is. */
  open(stateMachineArn: string): OpenTask {
    const token = mint(stateMachineArn);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    // The failure may be sent before the task gets to wait for it.
    promise.catch(() => undefined);
    const entry: Entry = { heardAt: this.#clock.now(), succeed: resolve, fail: reject };
    this.#open.set(token, entry);
    return {
      token,
      answer: promise,
      heardAt: () => entry.heardAt,
      close: () => void this.#open.delete(token),
    };
  }

  /** @throws {ServiceError} TaskTimedOut, InvalidToken. */
  succeed(token: string, output: string): void {
    this.#take(token).succeed(output);
  }

  /** @throws {ServiceError} TaskTimedOut, InvalidToken. */
  fail(token: string, error: StateError): void {
    this.#take(token).fail(error);
  }

  /** @throws {ServiceError} TaskTimedOut, InvalidToken. */
  heartbeat(token: string): void {
    this.#find(token).heardAt = this.#clock.now();
  }

  #take(token: string): Entry {
    const entry = this.#find(token);
    this.#open.delete(token);
    return entry;
  }

  #find(token: string): Entry {
    const entry = this.#open.get(token);
    if (entry !== undefined) return entry;
    if (!isOurs(token)) throw new ServiceError('InvalidToken', "Invalid Token: 'Invalid token'");
    throw new ServiceError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
}

const checksum = (id: string) => createHash('sha256').update(`task token ${id}`).digest('base64url');

function mint(stateMachineArn: string): string {
  const id = `${randomUUID()}/${Buffer.from(stateMachineArn).toString('base64url')}`;
  return Buffer.from(`${id}.${checksum(id)}`).toString('base64');
}

function isOurs(token: string): boolean {
  const [id, sum] = Buffer.from(token, 'base64').toString().split('.');
  return id !== undefined && sum === checksum(id);
}

/** The state machine whose task a token is of, still waiting or not; undefined for what is no token of ours. */
export function stateMachineOfToken(token: string): string | undefined {
  if (!isOurs(token)) return undefined;
  const [id = ''] = Buffer.from(token, 'base64').toString().split('.');
  return Buffer.from(id.split('/')[1] ?? '', 'base64url').toString();
}
