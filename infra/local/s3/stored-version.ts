import { z } from 'zod';

/** The algorithms the stand-in computes. The SDK's default is CRC32. */
export const ChecksumAlgorithm = z.enum(['CRC32', 'SHA1', 'SHA256']);
export type ChecksumAlgorithm = z.infer<typeof ChecksumAlgorithm>;

/** A checksum as S3 keeps it: base64, with `-<parts>` behind it when it is a checksum of the parts' checksums. */
export const Checksum = z.object({
  algorithm: ChecksumAlgorithm,
  value: z.string(),
  type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
});
export type Checksum = z.infer<typeof Checksum>;

/** What the uploader says about an object besides its bytes. */
export const ObjectDescription = z.object({
  contentType: z.string(),
  /** Cache-Control, Content-Disposition, Content-Encoding, Content-Language, Expires: lower-case names. */
  headers: z.record(z.string(), z.string()),
  /** User metadata: lower-case names without `x-amz-meta-`. */
  metadata: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
});
export type ObjectDescription = z.infer<typeof ObjectDescription>;

/** One version of one key, as written in the file beside its body. */
export const StoredVersion = z.object({
  key: z.string(),
  /** `null` (the word) for a write made without versioning. */
  versionId: z.string(),
  sequencer: z.string(),
  lastModified: z.iso.datetime(),
  /** Undefined in a delete marker. */
  content: z
    .object({
      /** The body's file name, in the same folder. */
      file: z.string(),
      /** Without quotes. */
      etag: z.string(),
      sizeBytes: z.number().int().nonnegative(),
      checksum: Checksum.optional(),
      description: ObjectDescription,
    })
    .optional(),
});
export type StoredVersion = z.infer<typeof StoredVersion>;
export type StoredContent = NonNullable<StoredVersion['content']>;

/** A version that is an object, not a delete marker. */
export type ContentVersion = StoredVersion & { readonly content: StoredContent };

export const isContent = (version: StoredVersion): version is ContentVersion => version.content !== undefined;
