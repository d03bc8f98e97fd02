import { QueryFailure } from './query-failure.ts';
import type { TokenReader } from './token-reader.ts';

/** `UNLOAD (select) TO 's3://…' WITH (…)`: https://docs.aws.amazon.com/athena/latest/ug/unload.html */
export interface Unload {
  readonly kind: 'UNLOAD';
  readonly select: string;
  /** `s3://bucket/prefix`. */
  readonly target: string;
  /** As DuckDB's COPY takes it; Athena's own default for Parquet is gzip. */
  readonly compression: string;
  /** Names of the last columns, lower-case; empty without partitions. */
  readonly partitionedBy: readonly string[];
}

const COMPRESSIONS: Readonly<Record<string, string>> = {
  GZIP: 'gzip',
  SNAPPY: 'snappy',
  ZSTD: 'zstd',
  LZ4: 'lz4',
  NONE: 'uncompressed',
};

function names(reader: TokenReader): string[] {
  reader.require('ARRAY', '[');
  const found = [reader.text().toLowerCase()];
  while (reader.accept(',')) found.push(reader.text().toLowerCase());
  reader.require(']');
  return found;
}

function option(reader: TokenReader): Partial<Unload> {
  const name = reader.name();
  reader.require('=');
  if (name === 'partitioned_by') return { partitionedBy: names(reader) };
  const value = reader.text();
  if (name === 'format' && value.toUpperCase() !== 'PARQUET')
    throw new QueryFailure('NOT_SUPPORTED', `this stand-in unloads PARQUET only, not ${value}`);
  if (name === 'format') return {};
  const compression = COMPRESSIONS[value.toUpperCase()];
  if (name !== 'compression' || !compression)
    throw new QueryFailure('INVALID_TABLE_PROPERTY', `unknown UNLOAD property: ${name} = '${value}'`);
  return { compression };
}

/** Reads on behind the word UNLOAD. */
export function parseUnload(reader: TokenReader): Unload {
  reader.require('(');
  const select = reader.untilClosed();
  reader.require('TO');
  const target = reader.text();
  reader.require('WITH', '(');
  let options = option(reader);
  while (reader.accept(',')) options = { ...options, ...option(reader) };
  reader.require(')');
  reader.end();
  return { kind: 'UNLOAD', select, target, compression: 'gzip', partitionedBy: [], ...options };
}
