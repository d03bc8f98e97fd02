/** Something to be ended. */
export interface Closable {
  close(): void | Promise<void>;
}

/**
 * What a machine has started, to be ended all at once: parts wait for each other (a poller for its function, a server
 * for its requests), so no order among them would do.
 */
export class Closing {
  readonly #parts: Closable[] = [];
  #end: Promise<void> | undefined;

  add<Part extends Closable>(part: Part): Part {
    this.#parts.push(part);
    return part;
  }

  /** Also takes care of a part that is still starting when another one fails. */
  async started<Part extends Closable>(starting: Promise<Part>): Promise<Part> {
    this.#parts.push({
      close: () =>
        starting.then(
          (part) => part.close(),
          () => undefined,
        ),
    });
    return starting;
  }

  /** Last come, first told; resolves when all are gone. @throws the first error of a part, when all others are gone */
  close(): Promise<void> {
    this.#end ??= this.#closeAll();
    return this.#end;
  }

  async #closeAll(): Promise<void> {
    const ends = await Promise.allSettled([...this.#parts].reverse().map(async (part) => part.close()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
}
