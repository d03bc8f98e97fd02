import type { GlueColumn } from './glue-table.ts';
import { parseHiveType } from './hive-type.ts';
import type { TokenReader } from './token-reader.ts';

/** `CREATE EXTERNAL TABLE`: https://docs.aws.amazon.com/athena/latest/ug/create-table.html */
export interface CreateTable {
  readonly kind: 'CREATE_TABLE';
  readonly database?: string;
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly columns: readonly GlueColumn[];
  readonly partitionKeys: readonly GlueColumn[];
  readonly serde: string;
  readonly serdeParameters: Readonly<Record<string, string>>;
  readonly inputFormat: string;
  readonly outputFormat: string;
  /** `s3://bucket/prefix`. */
  readonly location: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What STORED AS PARQUET stands for. */
const PARQUET = {
  serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
};

/** What Hive takes where a statement names no format. */
const TEXT = {
  serde: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
};

function list<Item>(reader: TokenReader, item: () => Item): Item[] {
  reader.require('(');
  const items = [item()];
  while (reader.accept(',')) items.push(item());
  reader.require(')');
  return items;
}

function column(reader: TokenReader): GlueColumn {
  const name = reader.name();
  const type = reader.type();
  parseHiveType(type);
  if (reader.accept('COMMENT')) reader.text();
  return { name, type };
}

function property(reader: TokenReader): [string, string] {
  const name = reader.text();
  reader.require('=');
  return [name, reader.text()];
}

const properties = (reader: TokenReader) => Object.fromEntries(list(reader, () => property(reader)));

function storedAs(reader: TokenReader): Partial<CreateTable> {
  if (reader.accept('PARQUET')) return PARQUET;
  if (reader.accept('TEXTFILE')) return { inputFormat: TEXT.inputFormat, outputFormat: TEXT.outputFormat };
  reader.require('INPUTFORMAT');
  const inputFormat = reader.text();
  reader.require('OUTPUTFORMAT');
  return { inputFormat, outputFormat: reader.text() };
}

function clause(reader: TokenReader): Partial<CreateTable> {
  if (reader.accept('COMMENT')) {
    reader.text();
    return {};
  }
  if (reader.accept('PARTITIONED', 'BY')) return { partitionKeys: list(reader, () => column(reader)) };
  if (reader.accept('ROW', 'FORMAT', 'SERDE')) {
    const serde = reader.text();
    return reader.accept('WITH', 'SERDEPROPERTIES') ? { serde, serdeParameters: properties(reader) } : { serde };
  }
  if (reader.accept('STORED', 'AS')) return storedAs(reader);
  if (reader.accept('LOCATION')) return { location: reader.text() };
  if (reader.accept('TBLPROPERTIES')) return { parameters: properties(reader) };
  throw reader.unexpected("'PARTITIONED BY', 'ROW FORMAT SERDE', 'STORED AS', 'LOCATION', 'TBLPROPERTIES'");
}

/** Reads on behind the words CREATE EXTERNAL TABLE. */
export function parseCreateTable(reader: TokenReader): CreateTable {
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const table = reader.qualifiedName();
  const columns = list(reader, () => column(reader));
  let clauses: Partial<CreateTable> = {};
  while (reader.ahead && reader.ahead.value !== ';') clauses = { ...clauses, ...clause(reader) };
  if (!clauses.location) throw reader.unexpected("'LOCATION'");
  reader.end();
  return {
    kind: 'CREATE_TABLE',
    ...table,
    ifNotExists,
    columns,
    partitionKeys: [],
    serdeParameters: {},
    parameters: {},
    ...TEXT,
    ...clauses,
    location: clauses.location,
  };
}
