import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';

/** One row of a result; undefined is NULL. */
export type ResultRow = readonly (string | undefined)[];

/** Rows between two known places of a file: what a page reads at most before its own first row. */
const ROWS_PER_MARK = 100;

/** Athena's form: every value in quotes, NULL as nothing at all, so that it differs from the empty text. */
const line = (row: ResultRow): string =>
  `${row.map((text) => (text === undefined ? '' : `"${text.replaceAll('"', '""')}"`)).join(',')}\n`;

/** Where the rows of a written result stand. Row 0 is the header. */
export const ResultIndex = z
  .object({
    /** The header's row included. */
    rowCount: z.number(),
    /** Byte offset of every hundredth row, and of the end. */
    marks: z.array(z.number()).readonly(),
  })
  .readonly();
export type ResultIndex = z.infer<typeof ResultIndex>;

/** Writes rows as they come; the index makes any page readable without the rest. */
export async function writeResultFile(path: string, chunks: AsyncIterable<readonly ResultRow[]>): Promise<ResultIndex> {
  const file = createWriteStream(path);
  const marks: number[] = [];
  let rowCount = 0;
  let bytes = 0;
  try {
    for await (const rows of chunks) {
      const lines = rows.map((row) => {
        const text = line(row);
        if (rowCount++ % ROWS_PER_MARK === 0) marks.push(bytes);
        bytes += Buffer.byteLength(text);
        return text;
      });
      if (!file.write(lines.join(''))) await once(file, 'drain');
    }
  } finally {
    file.end();
    await once(file, 'close');
  }
  return { rowCount, marks: [...marks, bytes] };
}

/** The rows of text in Athena's form. */
function parseRows(text: string): ResultRow[] {
  const rows: ResultRow[] = [];
  let row: (string | undefined)[] = [];
  for (const [, quoted, end] of text.matchAll(/("(?:[^"]|"")*")?([,\n])/g)) {
    row.push(quoted?.slice(1, -1).replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** Reads `count` rows from row `first` on; fewer at the end of the file. */
export async function readResultRows(
  path: string,
  { rowCount, marks }: ResultIndex,
  { first, count }: { readonly first: number; readonly count: number },
): Promise<readonly ResultRow[]> {
  const mark = Math.floor(first / ROWS_PER_MARK);
  const last = Math.min(rowCount, first + count);
  const from = marks[mark] ?? 0;
  const to = marks[Math.ceil(last / ROWS_PER_MARK)] ?? marks.at(-1) ?? 0;
  const bytes = Buffer.alloc(to - from);
  const file = await open(path);
  try {
    await file.read(bytes, 0, bytes.length, from);
  } finally {
    await file.close();
  }
  const skipped = first - mark * ROWS_PER_MARK;
  return parseRows(bytes.toString()).slice(skipped, skipped + last - first);
}
