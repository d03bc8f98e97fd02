import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * Unpacks a gzip file (RFC 1952: one member or several) onto the disk, and says how it went: `'too_large'` as soon as
 * there are more than `mostBytes`, since a small file may unpack to more than any disk has; `'garbage'` where something
 * else than padding follows the last member, since that may be a member that is lost. A broken file throws zlib's error.
 */
export async function unpackGzip(
  from: string,
  to: string,
  mostBytes: number,
): Promise<'unpacked' | 'too_large' | 'garbage'> {
  let sizeBytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) done(new TooLarge());
      else done(null, chunk);
    },
  });
  const gunzip = createGunzip();
  try {
    await pipeline(createReadStream(from), gunzip, limit, createWriteStream(to));
  } catch (error) {
    if (error instanceof TooLarge) return 'too_large';
    throw error;
  }
  return (await isPadding(from, gunzip.bytesWritten)) ? 'unpacked' : 'garbage';
}

class TooLarge extends Error {}

/** Node stops at a zero after a member; gzip files on tape end in a block of them. */
async function isPadding(path: string, start: number): Promise<boolean> {
  if ((await stat(path)).size === start) return true;
  for await (const chunk of createReadStream(path, { start }))
    if (Buffer.from(chunk).some((byte) => byte !== 0)) return false;
  return true;
}
