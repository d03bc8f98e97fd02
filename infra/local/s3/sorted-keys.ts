import { compareUtf8 } from './utf8-order.ts';

/** A bucket's keys, always in listing order, so that a page is a binary search and a walk. */
export class SortedKeys {
  readonly #keys: string[];

  constructor(keys: Iterable<string>) {
    this.#keys = [...keys].sort(compareUtf8);
  }

  get size(): number {
    return this.#keys.length;
  }

  add(key: string): void {
    const at = this.#firstNotBefore(key);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  delete(key: string): void {
    const at = this.#firstNotBefore(key);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  /** Keys that start with `prefix`, in order, beginning at the first that is not before `from`. */
  *startingWith(prefix: string, from = ''): Generator<string> {
    const first = compareUtf8(from, prefix) > 0 ? from : prefix;
    for (let at = this.#firstNotBefore(first); at < this.#keys.length; at++) {
      const key = this.#keys[at];
      if (key === undefined || !key.startsWith(prefix)) return;
      yield key;
    }
  }

  #firstNotBefore(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareUtf8(this.#keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
