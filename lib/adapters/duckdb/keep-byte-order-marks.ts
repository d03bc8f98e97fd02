import dataAccessors from '@duckdb/node-api/lib/vectors/dataAccessors.js';

/**
 * Lets `@duckdb/node-api` return text as it is. It decodes with a TextDecoder of its own that takes a leading U+FEFF for a
 * byte order mark and drops it: an id would not be the same again in Node as in the database.
 */
export function keepByteOrderMarks(): void {
  Object.assign(dataAccessors, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) });
}
