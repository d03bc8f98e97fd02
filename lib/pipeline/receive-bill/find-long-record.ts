import { createReadStream } from 'node:fs';

const [QUOTE, COMMA, LF, CR] = [0x22, 0x2c, 0x0a, 0x0d];

/**
 * The number of the first record (the header is 0) of a CSV file that is longer than this, or `undefined`. DuckDB refuses
 * most of them, but leaves out without a word a last record that is longer than its buffer: money that is lost.
 */
export async function findLongRecord(path: string, bytesMax: number): Promise<number | undefined> {
  let [record, start, position] = [0, 0, 0];
  let [inQuotes, atStart] = [false, true];
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    for (const byte of chunk as Buffer) {
      position += 1;
      if (byte === QUOTE) {
        // A doubled quote closes and opens again; a quote inside a bare cell is text.
        [inQuotes, atStart] = [!inQuotes && atStart, inQuotes];
      } else if (inQuotes) {
        atStart = false;
      } else {
        atStart = byte === COMMA || byte === LF || byte === CR;
        if (byte !== LF && byte !== CR) continue;
        if (position - start > bytesMax) return record;
        if (position - start > 1) record += 1;
        start = position;
      }
    }
    if (position - start > bytesMax) return record;
  }
  return undefined;
}
