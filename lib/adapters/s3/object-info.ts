import type { ObjectInfo } from '../../ports/object-store.ts';

/** What S3's answers say of an object, each of them a part. */
export interface Described {
  readonly ETag?: string | undefined;
  readonly ContentLength?: number | undefined;
  readonly VersionId?: string | undefined;
  readonly LastModified?: Date | undefined;
}

/** The port's word for what S3 has answered. */
export function infoOf(key: string, { ETag, ContentLength, VersionId, LastModified }: Described): ObjectInfo {
  return {
    key,
    etag: ETag ?? '',
    sizeBytes: ContentLength ?? 0,
    ...(VersionId === undefined ? {} : { versionId: VersionId }),
    ...(LastModified === undefined ? {} : { lastModified: LastModified.toISOString() }),
  };
}
