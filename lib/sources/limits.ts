/**
 * What a delivery may be at most, in one place: beyond each, it is refused by name before it can cost a worker its memory
 * or its quarter of an hour. `docs/limits.md` says for each what to do.
 */

/** ConvertFiles deals a delivery into 200 batches: this many files make batches of 50, minutes of work each. */
export const FILES_MAX = 10_000;

/** A manifest of ten thousand files is 2 MB; what is larger than this is no manifest. */
export const MANIFEST_BYTES_MAX = 32 * 1024 * 1024;

/** S3's limit for a key, in UTF-8. */
export const KEY_BYTES_MAX = 1024;

/** FOCUS has 57; exports with a column per tag have some hundred. DuckDB takes 32 KiB for each, several times over. */
export const COLUMNS_MAX = 1000;

/** A header line is names of columns; this is a thousand characters for each. */
export const HEADER_BYTES_MAX = 1024 * 1024;

/** Twice what a cell of a spreadsheet holds. DuckDB reads 2,048 cells of a column at a time: 128 MiB of these. */
export const CELL_CHARACTERS_MAX = 65_536;

/** The longest record of a CSV file; a longer one has lost its closing quote. DuckDB holds several in memory. */
export const RECORD_BYTES_MAX = 2 * 1024 * 1024;

/** What any gzip file may unpack to, and beyond it, by how much it may grow: bills shrink by 10 to 50, bombs by 1,000. */
export const UNPACKED_BYTES_FREE = 128 * 1024 * 1024;
export const UNPACKED_RATIO_MAX = 200;

/** The footer of a Parquet file: of a thousand columns and a hundred row groups it is 10 MB. */
export const FOOTER_BYTES_MAX = 16 * 1024 * 1024;

/** What one page may unpack to; DuckDB writes pages of up to 100 MB, everyone else of one. */
export const PAGE_BYTES_MAX = 128 * 1024 * 1024;

/** Rows that any Parquet file may hold, and beyond them, how many for each of its bytes: real rows take a byte and more. */
export const PARQUET_ROWS_FREE = 1_000_000;
export const PARQUET_ROWS_PER_BYTE_MAX = 4;

/** Periods that one delivery may bring: ten years. Each is a run of its own. */
export const PERIODS_MAX = 120;

/** Sub accounts that one delivery may name: each is an item in DynamoDB and a line of the owners' table. */
export const SUB_ACCOUNTS_MAX = 100_000;
