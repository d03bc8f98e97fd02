/** One object as seen by a HEAD or a listing. */
export interface ObjectInfo {
  readonly key: string;
  /** Quoted, as S3 gives it. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly versionId?: string;
  /** When it was written, ISO 8601 in UTC; what a write itself answers does not say. */
  readonly lastModified?: string;
}

/** Condition of a write: only if absent, or only if the object is still the one with this ETag. */
export type WriteCondition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/** One bucket. Absent objects are `undefined`, a failed condition is `'precondition_failed'`, all else throws. */
export interface ObjectStore {
  readonly bucket: string;
  head(key: string, versionId?: string): Promise<ObjectInfo | undefined>;
  readText(key: string, versionId?: string): Promise<{ readonly text: string; readonly etag: string } | undefined>;
  /** Streams the object to a local file; returns what was read, with the SHA-256 (hex) of its bytes. */
  download(
    key: string,
    path: string,
    versionId?: string,
  ): Promise<(ObjectInfo & { readonly sha256: string }) | undefined>;
  /** Streams a local file up. */
  upload(key: string, path: string): Promise<ObjectInfo>;
  writeText(key: string, text: string, condition?: WriteCondition): Promise<ObjectInfo | 'precondition_failed'>;
  /** Deletes the object; with `ifMatch` only while it is still the one with this ETag. */
  delete(key: string, ifMatch?: string): Promise<'deleted' | 'precondition_failed'>;
  /** All keys under a prefix, in key order, every page. */
  list(prefix: string): Promise<readonly ObjectInfo[]>;
}
