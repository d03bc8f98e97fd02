import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { S3Problem } from './s3-problem.ts';

const KEY_BYTES_MAX = 1024;

const EXTENSION = /(?:\.[a-z0-9]{1,10}){1,2}$/i;

/** Keys may hold anything (`../`, `//`, 1,024 bytes in one name), folders may not: a key is stored under its hash. */
export function folderOfKey(key: string): string {
  const hash = createHash('sha256').update(key).digest('hex');
  return join(hash.slice(0, 2), hash.slice(2));
}

/** `.csv.gz`, `.parquet` or nothing: readers such as DuckDB tell the compression by it. */
export const extensionOfKey = (key: string): string => EXTENSION.exec(key)?.[0] ?? '';

/** Whether the key, read as a path, ever leads above where it begins. */
function leadsOut(key: string): boolean {
  let depth = 0;
  for (const segment of key.split('/')) {
    if (segment === '..') depth -= 1;
    else if (segment !== '' && segment !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html (length, relative path elements)
 *
 * @throws S3Problem InvalidRequest, KeyTooLongError, InvalidURI
 */
export function requireKey(key: string): void {
  if (key === '') throw new S3Problem('InvalidRequest', 'A key is required');
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new S3Problem('KeyTooLongError');
  if (leadsOut(key)) throw new S3Problem('InvalidURI');
}
