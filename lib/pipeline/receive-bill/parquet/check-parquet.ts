import { type FileHandle, open } from 'node:fs/promises';
import { Problem } from '../../../domain/problem.ts';
import { checkColumns } from '../../../sources/focus/check-columns.ts';
import {
  FOOTER_BYTES_MAX,
  PAGE_BYTES_MAX,
  PARQUET_ROWS_FREE,
  PARQUET_ROWS_PER_BYTE_MAX,
} from '../../../sources/limits.ts';
import { type ColumnChunk, type ParquetFooter, readFooter } from './read-footer.ts';
import { readPageHeader } from './read-page-header.ts';
import { BrokenThrift } from './thrift-reader.ts';

const MAGIC = 'PAR1';
const MAGIC_OF_ENCRYPTED = 'PARE';
/** The magic at both ends, and the footer's length. */
const FRAME_BYTES = 12;
/** A page's header is some dozen bytes, and holds the least and the greatest value too. */
const HEADER_BYTES = 4096;
const HEADER_BYTES_MAX = 1024 * 1024;
/** Pages of a chunk, beyond a thousand, are as large as this on average; smaller ones only cost time. */
const PAGE_BYTES_MIN = 256;

class Forged extends Error {}

/**
 * Holds what a Parquet file says of itself against the file: lengths, offsets, counts of rows and values, page by page,
 * before DuckDB and Athena believe it. Engines allocate by these numbers and trust different ones of them, so a file that
 * lies is read differently by each. Throws Problem `file_unreadable`, or what `checkColumns` throws for its true names.
 */
export async function checkParquet(name: string, path: string): Promise<void> {
  const file = await open(path);
  try {
    const footer = await footerOf(file);
    if (footer.foreign !== undefined) throw new Forged(footer.foreign);
    checkColumns(
      name,
      footer.columns.map((column) => ({ name: column.name, type: '' })),
    );
    await checkRows(file, footer);
  } catch (error) {
    if (error instanceof BrokenThrift)
      throw new Problem('file_unreadable', { file: name, reason: `its metadata is damaged: ${error.message}` });
    if (error instanceof Forged) throw new Problem('file_unreadable', { file: name, reason: error.message });
    throw error;
  } finally {
    await file.close();
  }
}

async function footerOf(file: FileHandle): Promise<ParquetFooter & { start: number }> {
  const { size } = await file.stat();
  if (size === 0) throw new Forged('it is empty');
  const first = await bytesAt(file, 0, 4);
  const last = await bytesAt(file, Math.max(0, size - 8), 8);
  const [begin, end] = [first.toString('latin1'), last.toString('latin1', 4)];
  if (begin === MAGIC_OF_ENCRYPTED || end === MAGIC_OF_ENCRYPTED) throw new Forged('it is encrypted');
  if (begin !== MAGIC) throw new Forged('it is no Parquet file');
  if (end !== MAGIC || size < FRAME_BYTES) throw new Forged('it is cut off: there is no end of a Parquet file');
  const length = last.readUInt32LE(0);
  if (length > size - FRAME_BYTES) throw new Forged(`its metadata of ${length} bytes is longer than the file`);
  if (length > FOOTER_BYTES_MAX)
    throw new Forged(`its metadata of ${length} bytes is longer than ${FOOTER_BYTES_MAX} bytes`);
  const start = size - 8 - length;
  return { ...readFooter(await bytesAt(file, start, length)), start };
}

async function checkRows(file: FileHandle, footer: ParquetFooter & { start: number }): Promise<void> {
  const counted = footer.rowGroups.reduce((sum, { rows }) => sum + rows, 0);
  if (footer.rowGroups.some(({ rows }) => rows < 0) || counted !== footer.rows)
    throw new Forged(`it claims ${footer.rows} rows and has row groups of ${counted}`);
  const most = Math.max(PARQUET_ROWS_FREE, footer.start * PARQUET_ROWS_PER_BYTE_MAX);
  if (counted > most) throw new Forged(`it claims ${counted} rows in ${footer.start} bytes`);
  for (const { rows, chunks } of footer.rowGroups) {
    if (chunks.length !== footer.leaves.length)
      throw new Forged(`a row group has ${chunks.length} columns of ${footer.leaves.length}`);
    for (const [index, chunk] of chunks.entries()) {
      if (footer.leaves[index]?.flat === true && chunk.values !== rows)
        throw new Forged(`a row group of ${rows} rows has a column of ${chunk.values} values`);
      await checkChunk(file, chunk, footer.start);
    }
  }
}

async function checkChunk(
  file: FileHandle,
  { start, compressedBytes, values }: ColumnChunk,
  dataEnd: number,
): Promise<void> {
  const end = start + compressedBytes;
  if (start < MAGIC.length || compressedBytes < 0 || end > dataEnd)
    throw new Forged(`a column lies at bytes ${start} to ${end}, outside of the file's data`);
  const pagesMax = 1000 + compressedBytes / PAGE_BYTES_MIN;
  let [at, counted, pages] = [start, 0, 0];
  while (at < end && counted < values) {
    const page = await pageAt(file, at, end);
    pages += 1;
    if (pages > pagesMax) throw new Forged(`a column of ${compressedBytes} bytes has more than ${pages - 1} pages`);
    if (page.uncompressedBytes < 0 || page.uncompressedBytes > PAGE_BYTES_MAX)
      throw new Forged(`a page claims to unpack to ${page.uncompressedBytes} bytes`);
    if (page.dictionaryValues < 0 || page.dictionaryValues > page.uncompressedBytes)
      throw new Forged(`a dictionary claims ${page.dictionaryValues} values in ${page.uncompressedBytes} bytes`);
    if ((page.values ?? 0) < 0) throw new Forged(`a page claims ${page.values} values`);
    at += page.headerBytes + page.compressedBytes;
    counted += page.values ?? 0;
    if (page.compressedBytes < 0 || at > end) throw new Forged('a page is longer than its column');
  }
  if (counted !== values) throw new Forged(`a column claims ${values} values and has pages of ${counted}`);
}

/** A header that does not fit into the first bytes is read again with more. */
async function pageAt(file: FileHandle, at: number, end: number) {
  for (let length = HEADER_BYTES; ; length *= 16) {
    const bytes = await bytesAt(file, at, Math.min(length, end - at));
    try {
      return readPageHeader(bytes);
    } catch (error) {
      if (!(error instanceof BrokenThrift) || length >= Math.min(HEADER_BYTES_MAX, end - at)) throw error;
    }
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
