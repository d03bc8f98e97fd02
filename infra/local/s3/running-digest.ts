import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm } from './stored-version.ts';

/** A hash that is fed as the bytes pass by. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** Big-endian, as S3 writes it in base64. */
  digest(): Buffer;
}

function runningCrc32(): RunningDigest {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

const OPEN: { readonly [Algorithm in ChecksumAlgorithm]: () => RunningDigest } = {
  CRC32: runningCrc32,
  SHA1: () => createHash('sha1'),
  SHA256: () => createHash('sha256'),
};

/** The digests a client can ask for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const openDigest = (algorithm: ChecksumAlgorithm): RunningDigest => OPEN[algorithm]();
