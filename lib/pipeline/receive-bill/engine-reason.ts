/**
 * DuckDB's own words for why a file cannot be read: the line and the reason, without its advice, its settings, the row
 * itself, and the path in our work folder. Rethrows what is not about the file: memory, disk, our own SQL.
 */
export function engineReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (!ABOUT_THE_FILE.test(text)) throw error;
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('Original Line:'));
  const end = lines.findIndex((line) => /^(Possible|\s+file =|LINE |\* )/.test(line));
  return lines
    .slice(0, end < 0 ? 3 : end)
    .join(' ')
    .replace(/^(Error: )?(Invalid Input|Invalid|IO|Conversion) Error: /, '')
    .replace(/["']?\/[^\s"']*\/apportion-[^\s"']*["']?/g, 'the file')
    .slice(0, 500);
}

/** What DuckDB calls errors of the input, and what it says of a Parquet file that is cut off or was never one. */
const ABOUT_THE_FILE =
  /^(Error: )?(Invalid Input Error|Invalid Error|Conversion Error|IO Error|Serialization Error)|parquet|snappy|zstd|thrift/i;
