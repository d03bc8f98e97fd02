/** The current version of one object. Its body is the plain file at `path`: the object's bytes and nothing else. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /**
   * Absolute. Made of hexadecimal digits and the key's own extension, so that it can stand in a SQL statement: no
   * quotes, no glob characters, no `name=value` folder that an engine would take for a partition.
   */
  readonly path: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** Absent in a bucket that never had versioning. */
  readonly versionId?: string;
}

/** The objects of the S3 stand-in for those who read and write files in the same process, as Athena does. */
export interface Objects {
  /** The current version; undefined when the bucket or key is absent or the newest version is a delete marker. */
  find(bucket: string, key: string): StoredObject | undefined;
  /** Current versions under a prefix, in the UTF-8 byte order of S3's listings; empty when the bucket is absent. */
  list(bucket: string, prefix: string): readonly StoredObject[];
  /**
   * Moves a finished local file in as an object (the file is gone afterwards) and raises Object Created as a PutObject
   * does. An existing object is replaced.
   *
   * @throws S3Problem NoSuchBucket, KeyTooLongError
   */
  adopt(bucket: string, key: string, path: string): Promise<StoredObject>;
}
