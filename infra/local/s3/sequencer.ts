/**
 * Numbers every write of one stand-in, so that two events of one key can be put in order by comparing the strings.
 * Hexadecimal, all of one length; later is greater, across restarts too.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html (sequencer)
 */
export class Sequencer {
  /** The stand-in's clock. */
  readonly now: () => Date;
  #last = 0n;

  constructor(now: () => Date) {
    this.now = now;
  }

  /** Makes everything to come greater than this one, read from disk. */
  startAfter(sequencer: string): void {
    const value = BigInt(`0x${sequencer}`);
    if (value > this.#last) this.#last = value;
  }

  /** Milliseconds in the upper digits, a count in the lower sixteen bits; a clock set back goes on counting. */
  next(): string {
    const byClock = BigInt(this.now().getTime()) << 16n;
    this.#last = byClock > this.#last ? byClock : this.#last + 1n;
    return this.#last.toString(16).toUpperCase().padStart(18, '0');
  }
}
