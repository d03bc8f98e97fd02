/**
 * Lets ordinary operations run side by side, and a transaction run alone. First come, first served, so that neither
 * kind waits for ever.
 */
export class SharedLock {
  #lastExclusive: Promise<unknown> = Promise.resolve();
  #running = new Set<Promise<unknown>>();

  /** Runs `work` beside others of its kind, once the exclusive ones before it are done. */
  shared<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#lastExclusive.then(work);
    const settled = result.catch(() => {}).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return result;
  }

  /** Runs `work` alone. */
  exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = [this.#lastExclusive, ...this.#running];
    const result = Promise.all(before).then(work);
    this.#lastExclusive = result.catch(() => {});
    return result;
  }
}
