import { open } from 'node:fs/promises';
import { Problem } from '../../domain/problem.ts';

/** What a file begins with that is no text, and what it is then. */
const SIGNATURES = [
  { bytes: [0x50, 0x41, 0x52, 0x31], is: 'Parquet' },
  { bytes: [0x1f, 0x8b], is: 'gzip' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], is: 'a ZIP archive or a workbook' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], is: 'Zstandard' },
] as const;

/** What the file's first bytes say it is, whatever its name; `undefined` for text and all else. */
async function contentOf(path: string): Promise<(typeof SIGNATURES)[number]['is'] | 'empty' | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 0) return 'empty';
    return SIGNATURES.find(({ bytes }) => bytes.every((byte, at) => buffer[at] === byte))?.is;
  } finally {
    await file.close();
  }
}

/** Refuses a text file that is empty or no text, by what it is instead. Throws Problem `file_unreadable`. */
export async function requireText(file: string, path: string, unpacked: boolean): Promise<void> {
  const content = await contentOf(path);
  if (content === undefined) return;
  const refuse = (reason: string) => new Problem('file_unreadable', { file, reason });
  if (content === 'empty') throw refuse('it is empty');
  if (!unpacked) throw refuse(`it is ${content} under the name of a text file`);
  throw refuse(content === 'gzip' ? 'it is packed twice' : `what is packed in it is ${content}, not CSV`);
}

/** Refuses what is not packed as a `.csv.gz` file is. Throws Problem `file_unreadable`. */
export async function requireGzip(file: string, path: string): Promise<void> {
  const content = await contentOf(path);
  if (content === 'gzip') return;
  const reason =
    content === 'empty' ? 'it is empty' : `it is no gzip file${content === undefined ? '' : ` but ${content}`}`;
  throw new Problem('file_unreadable', { file, reason });
}
