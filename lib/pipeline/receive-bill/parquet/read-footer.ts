import { ThriftReader } from './thrift-reader.ts';

/** A column's pages in one row group, as the footer tells. */
export interface ColumnChunk {
  readonly start: number;
  readonly compressedBytes: number;
  readonly values: number;
}

/** What a Parquet file's footer claims, as far as it is checked. */
export interface ParquetFooter {
  readonly rows: number;
  /** Names of the columns, and whether each is flat: neither a struct, a list nor a map. */
  readonly columns: readonly { readonly name: string; readonly flat: boolean }[];
  readonly leaves: readonly { readonly flat: boolean }[];
  readonly rowGroups: readonly { readonly rows: number; readonly chunks: readonly ColumnChunk[] }[];
  /** What our engines would not read: an encrypted column, or pages in another file. */
  readonly foreign: string | undefined;
}

interface SchemaElement {
  readonly name: string;
  readonly children: number;
  readonly repeated: boolean;
}

const REPEATED = 2;

/** Reads FileMetaData (`parquet.thrift` of the Parquet format). Throws BrokenThrift. */
export function readFooter(bytes: Buffer): ParquetFooter {
  const thrift = new ThriftReader(bytes);
  const schema: SchemaElement[] = [];
  const rowGroups: ParquetFooter['rowGroups'][number][] = [];
  const found: { rows: number; foreign: string | undefined } = { rows: 0, foreign: undefined };
  thrift.struct((field) => {
    if (field === 2) thrift.list(() => schema.push(schemaElement(thrift)));
    else if (field === 3) found.rows = thrift.integer();
    else if (field === 4) thrift.list(() => rowGroups.push(rowGroup(thrift, found)));
    else {
      if (field === 8) found.foreign = 'it is encrypted';
      return false;
    }
    return true;
  });
  return { ...found, ...columnsOf(schema), rowGroups };
}

function schemaElement(thrift: ThriftReader): SchemaElement {
  const found = { name: '', children: 0, repeated: false };
  thrift.struct((field) => {
    if (field === 3) found.repeated = thrift.integer() === REPEATED;
    else if (field === 4) found.name = thrift.text();
    else if (field === 5) found.children = thrift.integer();
    else return false;
    return true;
  });
  return found;
}

/** The schema is a tree written depth first, its root first. */
function columnsOf([, ...elements]: readonly SchemaElement[]): Pick<ParquetFooter, 'columns' | 'leaves'> {
  const columns: { name: string; flat: boolean }[] = [];
  const leaves: { flat: boolean }[] = [];
  let inside = 0;
  for (const { name, children, repeated } of elements) {
    const flat = inside === 0 && children === 0 && !repeated;
    if (inside === 0) columns.push({ name, flat });
    if (children === 0) leaves.push({ flat });
    inside = Math.max(0, inside - 1) + children;
  }
  return { columns, leaves };
}

function rowGroup(
  thrift: ThriftReader,
  file: { foreign: string | undefined },
): { rows: number; chunks: readonly ColumnChunk[] } {
  const found = { rows: 0, chunks: [] as ColumnChunk[] };
  thrift.struct((field) => {
    if (field === 1) thrift.list(() => found.chunks.push(columnChunk(thrift, file)));
    else if (field === 3) found.rows = thrift.integer();
    else return false;
    return true;
  });
  return found;
}

function columnChunk(thrift: ThriftReader, file: { foreign: string | undefined }): ColumnChunk {
  const found = { values: 0, compressedBytes: 0, data: 0, dictionary: 0 };
  const metadata = (field: number) => {
    if (field === 5) found.values = thrift.integer();
    else if (field === 7) found.compressedBytes = thrift.integer();
    else if (field === 9) found.data = thrift.integer();
    else if (field === 11) found.dictionary = thrift.integer();
    else return false;
    return true;
  };
  thrift.struct((field) => {
    if (field === 1) file.foreign = 'a part of it is in another file';
    if (field === 8 || field === 9) file.foreign = 'it is encrypted';
    if (field !== 3) return false;
    thrift.struct(metadata);
    return true;
  });
  const { values, compressedBytes, data, dictionary } = found;
  return { values, compressedBytes, start: dictionary > 0 && dictionary < data ? dictionary : data };
}
