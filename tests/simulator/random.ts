import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but `parts`: the same in every replay, whatever was asked before it. */
export function chance(...parts: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(parts.join('\u0000')).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** Draws one after the other, all from one seed. */
export class Draws {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A number in [0, 1). */
  next(): number {
    this.#drawn += 1;
    return chance(this.#seed, this.#drawn);
  }

  /** A whole number from `least` to `most`, both inclusive. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of `items`. */
  one<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }

  /** True in `share` of all cases. */
  happens(share: number): boolean {
    return this.next() < share;
  }
}
