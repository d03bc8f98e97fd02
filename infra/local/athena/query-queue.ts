/** Runs tasks in the order they come, at most `limit` at once. */
export class QueryQueue {
  readonly #limit: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param task never rejects. */
  add(task: () => Promise<void>): void {
    this.#waiting.push(task);
    this.#next();
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #next(): void {
    if (this.#running.size >= this.#limit) return;
    const task = this.#waiting.shift();
    if (!task) return;
    const run = task().finally(() => {
      this.#running.delete(run);
      this.#next();
    });
    this.#running.add(run);
  }
}
