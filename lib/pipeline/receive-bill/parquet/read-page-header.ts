import { ThriftReader } from './thrift-reader.ts';

/** A page of a column chunk as its header tells; `values` is null for a page that holds none of the rows'. */
export interface PageHeader {
  readonly headerBytes: number;
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly values: number | null;
  readonly dictionaryValues: number;
}

/** Reads PageHeader (`parquet.thrift` of the Parquet format). Throws BrokenThrift. */
export function readPageHeader(bytes: Buffer): PageHeader {
  const thrift = new ThriftReader(bytes);
  const found = { uncompressedBytes: 0, compressedBytes: 0, values: null as number | null, dictionaryValues: 0 };
  const firstNumber = (note: (count: number) => void) =>
    thrift.struct((field) => {
      if (field !== 1) return false;
      note(thrift.integer());
      return true;
    });
  thrift.struct((field) => {
    if (field === 2) found.uncompressedBytes = thrift.integer();
    else if (field === 3) found.compressedBytes = thrift.integer();
    else if (field === 5 || field === 8) firstNumber((count) => (found.values = count));
    else if (field === 7) firstNumber((count) => (found.dictionaryValues = count));
    else return false;
    return true;
  });
  return { ...found, headerBytes: thrift.at };
}
