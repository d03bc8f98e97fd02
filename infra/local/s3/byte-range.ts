import { S3Problem } from './s3-problem.ts';

/** Both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header against a body of `sizeBytes`; undefined when the whole is to be sent, which RFC 9110 §14.2
 * asks for where the header is not one valid range.
 *
 * @throws S3Problem InvalidRange when no byte of the body is in it.
 */
export function byteRangeOf(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  if (first >= sizeBytes || (from === '' && Number(to) === 0)) {
    throw new S3Problem('InvalidRange', undefined, { 'content-range': `bytes */${sizeBytes}` });
  }
  return { first, last };
}
