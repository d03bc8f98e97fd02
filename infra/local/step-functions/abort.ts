/** Why work under way is given up: nobody waits for it any more. Never seen by a state's Retry or Catch. */
export class Abandoned extends Error {
  /** True where the stand-in closes: the execution goes on at the next start, so its work outside stays. */
  readonly closing: boolean;

  constructor(why: string, closing = false) {
    super(why);
    this.name = 'Abandoned';
    this.closing = closing;
  }
}

/** Rejects with the signal's reason once it is aborted, whatever becomes of the work meanwhile. */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
