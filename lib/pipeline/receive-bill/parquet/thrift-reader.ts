/** Why bytes could not be read as Thrift. */
export class BrokenThrift extends Error {}

/** Types of the compact protocol (Apache Thrift, "Thrift Compact protocol encoding"). */
const TYPE = {
  true: 1,
  false: 2,
  i8: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
};

/** Structures in one another; Parquet's own go to six. */
const DEPTH_MAX = 32;

/**
 * Reads Thrift's compact protocol as Parquet writes its metadata, field by field and without building anything from what
 * is not asked for: a forged length or count ends in BrokenThrift, never in memory.
 */
export class ThriftReader {
  at = 0;
  readonly #bytes: Buffer;
  #depth = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Calls `read` for each field of a struct by its number; what `read` does not handle (false) is skipped. */
  struct(read: (field: number, type: number) => boolean): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new BrokenThrift('it is nested too deep');
    let field = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) break;
      const type = head & 15;
      field = head >> 4 === 0 ? this.integer() : field + (head >> 4);
      if (!read(field, type)) this.#skip(type);
    }
    this.#depth -= 1;
  }

  /** Calls `read` for each element; each takes a byte at least, so a count beyond the bytes is refused at once. */
  list(read: (index: number) => void): number {
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    if (count > this.#bytes.length - this.at)
      throw new BrokenThrift(`a list of ${count} elements does not fit into it`);
    for (let index = 0; index < count; index += 1) read(index);
    return count;
  }

  /** A whole number of any of the four sizes, exact up to 2^53; beyond, it is no count or offset of a file. */
  integer(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text(): string {
    const length = this.#varint();
    if (length > this.#bytes.length - this.at) throw new BrokenThrift(`a text of ${length} bytes does not fit into it`);
    this.at += length;
    return this.#bytes.toString('utf-8', this.at - length, this.at);
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new BrokenThrift('it is cut off');
    this.at += 1;
    return byte;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new BrokenThrift('a number in it has no end');
  }

  #skip(type: number): void {
    if (type === TYPE.true || type === TYPE.false) return;
    if (type === TYPE.i8) this.#byte();
    else if (type === TYPE.i16 || type === TYPE.i32 || type === TYPE.i64) this.#varint();
    else if (type === TYPE.double) this.at += 8;
    else if (type === TYPE.binary) this.text();
    else if (type === TYPE.struct) this.struct(() => false);
    else if (type === TYPE.list || type === TYPE.set) this.#skipList();
    else throw new BrokenThrift(`it has a field of the unknown type ${type}`);
  }

  #skipList(): void {
    const type = (this.#bytes[this.at] ?? 0) & 15;
    this.list(() => {
      if (type === TYPE.true || type === TYPE.false) this.#byte();
      else this.#skip(type);
    });
  }
}
