import type { BucketSettings } from './bucket.ts';
import { type Checksum, isContent, type StoredVersion } from './stored-version.ts';

type Headers = Record<string, string | undefined>;

/** `x-amz-checksum-crc32` and its type. */
export function checksumHeaders(checksum: Checksum | undefined): Headers {
  if (checksum === undefined) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

/** `ChecksumCRC32` and `ChecksumType`, the same in XML. */
export function checksumElements(checksum: Checksum | undefined): Headers {
  if (checksum === undefined) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

/** Which version was written or read; buckets that never had versioning do not say. */
export function versionHeaders(settings: BucketSettings, version: StoredVersion | undefined): Headers {
  if (version === undefined || settings.versioning === undefined) return {};
  return {
    'x-amz-version-id': version.versionId,
    ...(isContent(version) ? {} : { 'x-amz-delete-marker': 'true' }),
  };
}
