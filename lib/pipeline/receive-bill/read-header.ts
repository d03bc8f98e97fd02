import { open } from 'node:fs/promises';
import { HEADER_BYTES_MAX } from '../../sources/limits.ts';

/** Why a header could not be read; the caller knows the file. */
export class UnreadableHeader extends Error {}

/**
 * The names in a CSV file's first record (RFC 4180: comma, `"` doubled inside quotes, CR, LF or CRLF), without a UTF-8
 * byte order mark. DuckDB would invent names for empty and repeated ones; we refuse them by name instead.
 */
export async function readHeader(path: string): Promise<readonly string[]> {
  const { text, whole } = await firstText(path);
  const { names, ended } = firstRecord(text);
  if (!ended && !whole) throw new UnreadableHeader(`its header is longer than ${HEADER_BYTES_MAX} bytes`);
  const empty = names.indexOf('');
  if (empty >= 0) throw new UnreadableHeader(`column ${empty + 1} of the header has no name`);
  if (names.some((name) => name.includes('\u0000'))) throw new UnreadableHeader('its header holds U+0000');
  if (names.some((name) => name.includes('\ufffd'))) throw new UnreadableHeader('its header is not UTF-8');
  return names;
}

/** `whole` where the file ends within it. */
async function firstText(path: string): Promise<{ text: string; whole: boolean }> {
  const file = await open(path);
  try {
    const mostBytes = Math.min((await file.stat()).size, HEADER_BYTES_MAX);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytesRead === 0) throw new UnreadableHeader('it is empty');
    if (bytes[0] === 0xff || bytes[0] === 0xfe) throw new UnreadableHeader('it is not UTF-8');
    return { text: bytes.toString('utf-8').replace(/^\uFEFF/, ''), whole: bytesRead < HEADER_BYTES_MAX };
  } finally {
    await file.close();
  }
}

/** `ended` where a line break follows the names. */
function firstRecord(text: string): { names: string[]; ended: boolean } {
  const names: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  while (field.lastIndex <= text.length) {
    const match = field.exec(text);
    if (match === null) throw new UnreadableHeader(`the header cannot be read after ${names.at(-1) ?? 'its start'}`);
    const [, quoted, plain = '', end] = match;
    names.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end !== ',') return { names, ended: end !== '' };
  }
  return { names, ended: false };
}
