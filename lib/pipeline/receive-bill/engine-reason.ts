import { Problem } from '../../domain/problem.ts';

/**
 * The Problem for a file that DuckDB could not read: `file_unreadable` with DuckDB's own words, or
 * `worker_memory_exceeded` where the file does not fit into its part of the worker's memory, which no other worker would
 * do better. Rethrows what is not about the file: the disk, our own SQL.
 */
export function unreadable(file: string, error: unknown): Problem {
  const text = error instanceof Error ? error.message : String(error);
  if (OUT_OF_MEMORY.test(text)) return new Problem('worker_memory_exceeded', { file, reason: firstLine(text) });
  if (!ABOUT_THE_FILE.test(text)) throw error;
  return new Problem('file_unreadable', { file, reason: engineReason(text) });
}

/** The line and the reason, without DuckDB's advice, its settings, the row itself, and the path in our work folder. */
function engineReason(text: string): string {
  return withoutRow(text)
    .replace(KIND, '')
    .replace(/["']?\/[^\s"']*\/apportion-[^\s"']*["']?/g, 'the file')
    .slice(0, 500);
}

/**
 * An error of a CSV file reads `CSV Error on Line: n`, often `Original Line:` with the row, which may have many lines and
 * say anything, then the reason and the advice.
 */
function withoutRow(text: string): string {
  const rowShown = /^[^\n]*\nOriginal Line:/.test(text);
  const advice = rowShown ? text.lastIndexOf('\nPossible fixes') : text.search(/\nPossible /);
  const lines = (advice < 0 ? text : text.slice(0, advice)).split('\n').filter((line) => line.trim() !== '');
  if (rowShown) return [lines[0], lines.findLast((line) => !/^(Possible |\s|\* )/.test(line))].join(' ');
  const end = lines.findIndex((line) => /^(\s+file =|LINE |\* )/.test(line));
  return lines.slice(0, end < 0 ? 3 : Math.min(end, 3)).join(' ');
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(KIND, '');
}

const KIND = /^(Error: )?(Invalid Input|Invalid|IO|Conversion|Out of Memory|Not implemented) Error: /;
const OUT_OF_MEMORY = /^(Error: )?Out of Memory Error/;

/** What DuckDB calls errors of the input, and what it says of a Parquet file that is cut off or was never one. */
const ABOUT_THE_FILE =
  /^(Error: )?(Invalid Input Error|Invalid Error|Conversion Error|IO Error|Serialization Error)|parquet|snappy|zstd|thrift|CSV Reader/i;
