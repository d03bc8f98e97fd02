/** Kinds of data files that are read; everything else in a landing folder is left alone. */
export type FileKind = 'csv' | 'csv.gz' | 'parquet';

/** What a key's ending says the object is; the case of the ending does not matter. */
export function fileKindOf(key: string): FileKind | undefined {
  const ending = /\.(csv|csv\.gz|parquet)$/.exec(key.toLowerCase())?.[1];
  return ending === 'csv' || ending === 'csv.gz' || ending === 'parquet' ? ending : undefined;
}
