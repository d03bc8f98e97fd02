import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeParquet } from '../../../../journeys/parquet-rows.ts';

/** A Thrift value as the compact protocol writes it, field numbers and all, so that any of it can be changed. */
export type Thrift = bigint | boolean | Buffer | readonly Thrift[] | ThriftStruct;
export type ThriftStruct = Map<number, { type: number; value: Thrift; of?: number }>;

const MAGIC_AND_LENGTH = 8;

/** Parquet of a SELECT as bytes. */
export async function parquetOf(select: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'forge-'));
  try {
    await writeParquet(select, join(folder, 'a.parquet'));
    return await readFile(join(folder, 'a.parquet'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The file with another footer: `change` gets FileMetaData's fields by their numbers in `parquet.thrift`. */
export function forgeFooter(file: Buffer, change: (metadata: ThriftStruct) => void): Buffer {
  const length = file.readUInt32LE(file.length - MAGIC_AND_LENGTH);
  const start = file.length - MAGIC_AND_LENGTH - length;
  const metadata = decode(file.subarray(start, start + length)).value;
  change(metadata);
  return withFooter(file.subarray(0, start), encode(metadata));
}

export function withFooter(data: Buffer, footer: Buffer, claimed = footer.length): Buffer {
  const end = Buffer.alloc(MAGIC_AND_LENGTH);
  end.writeUInt32LE(claimed, 0);
  end.write('PAR1', 4, 'latin1');
  return Buffer.concat([data, footer, end]);
}

/**
 * The file with another header of a column's dictionary or data page. The column is copied to the end of the data, where
 * it may be longer than it was.
 */
export function forgePage(
  file: Buffer,
  { column, dictionary }: { column: number; dictionary: boolean },
  change: (header: ThriftStruct) => void,
): Buffer {
  const dataEnd = file.length - MAGIC_AND_LENGTH - file.readUInt32LE(file.length - MAGIC_AND_LENGTH);
  const forged: Buffer[] = [];
  const renamed = forgeFooter(file, (metadata) => {
    const fields = columnAt(metadata, column);
    const [size, data, start] = [7, 9, 11].map((field) => Number(fields.get(field)?.value));
    if (size === undefined || data === undefined || start === undefined) throw new Error('no dictionary');
    const page = dictionary ? start : data;
    const { value, end } = decode(file.subarray(page));
    change(value);
    const header = encode(value);
    forged.push(file.subarray(start, page), header, file.subarray(page + end, start + size));
    setNumber(fields, 11, BigInt(dataEnd));
    setNumber(fields, 9, BigInt(dataEnd + data - start + (dictionary ? header.length - end : 0)));
    setNumber(fields, 7, BigInt(size + header.length - end));
  });
  return Buffer.concat([file.subarray(0, dataEnd), ...forged, renamed.subarray(dataEnd)]);
}

export function setNumber(struct: ThriftStruct, field: number, value: bigint): void {
  const known = struct.get(field);
  struct.set(field, { type: known?.type ?? 6, value });
}

export function structAt(value: Thrift | undefined): ThriftStruct {
  if (!(value instanceof Map)) throw new Error('no struct');
  return value;
}

export function listAt(struct: ThriftStruct, field: number): Thrift[] {
  const value = struct.get(field)?.value;
  if (!Array.isArray(value)) throw new Error(`field ${field} is no list`);
  return value;
}

/** ColumnMetaData of a column of the first row group. */
export function columnAt(metadata: ThriftStruct, column: number): ThriftStruct {
  const chunk = structAt(listAt(structAt(listAt(metadata, 4)[0]), 1)[column]);
  return structAt(chunk.get(3)?.value);
}

function decode(bytes: Buffer): { value: ThriftStruct; end: number } {
  let at = 0;
  const byte = () => bytes[at++] ?? 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const next = byte();
      value |= BigInt(next & 127) << shift;
      if (next < 128) return value;
    }
  };
  const number = () => {
    const value = varint();
    return value % 2n === 0n ? value / 2n : -(value + 1n) / 2n;
  };
  const read = (type: number): Thrift => {
    if (type === 12) return struct();
    if (type === 8) {
      const length = Number(varint());
      at += length;
      return bytes.subarray(at - length, at);
    }
    if (type === 3) return BigInt(byte());
    return number();
  };
  const list = (): { value: Thrift[]; of: number } => {
    const head = byte();
    const count = head >> 4 === 15 ? Number(varint()) : head >> 4;
    const of = head & 15;
    return { of, value: Array.from({ length: count }, () => (of < 3 ? byte() === 1 : read(of))) };
  };
  const struct = (): ThriftStruct => {
    const fields: ThriftStruct = new Map();
    let field = 0;
    for (let head = byte(); head !== 0; head = byte()) {
      const type = head & 15;
      field = head >> 4 === 0 ? Number(number()) : field + (head >> 4);
      if (type < 3) fields.set(field, { type, value: type === 1 });
      else if (type === 9) fields.set(field, { type, ...list() });
      else fields.set(field, { type, value: read(type) });
    }
    return fields;
  };
  return { value: struct(), end: at };
}

function encode(struct: ThriftStruct): Buffer {
  const out: number[] = [];
  const varint = (value: bigint) => {
    let rest = value;
    for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
    out.push(Number(rest));
  };
  const number = (value: bigint) => varint(value >= 0n ? value * 2n : -value * 2n - 1n);
  const write = (type: number, value: Thrift) => {
    if (value instanceof Map) writeStruct(value);
    else if (Buffer.isBuffer(value)) {
      varint(BigInt(value.length));
      for (const byte of value) out.push(byte);
    } else if (type === 3) out.push(Number(value));
    else number(BigInt(value as bigint));
  };
  const writeStruct = (fields: ThriftStruct) => {
    let last = 0;
    for (const [field, { type, value, of }] of [...fields].sort(([one], [other]) => one - other)) {
      const kind = type < 3 ? (value === true ? 1 : 2) : type;
      if (field - last < 16) out.push(((field - last) << 4) | kind);
      else {
        out.push(kind);
        number(BigInt(field));
      }
      last = field;
      if (kind < 3) continue;
      if (!Array.isArray(value)) write(type, value);
      else {
        const items = of ?? 12;
        if (value.length < 15) out.push((value.length << 4) | items);
        else {
          out.push(0xf0 | items);
          varint(BigInt(value.length));
        }
        for (const item of value) write(items, item);
      }
    }
    out.push(0);
  };
  writeStruct(struct);
  return Buffer.from(out);
}
