import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * Unpacks a gzip file onto the disk and returns how many bytes it holds, or `'too_large'` as soon as there are more than
 * `mostBytes`: a small file may unpack to more than any disk has. A broken file throws zlib's error.
 */
export async function unpackGzip(from: string, to: string, mostBytes: number): Promise<number | 'too_large'> {
  let sizeBytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) done(new TooLarge());
      else done(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(from), createGunzip(), limit, createWriteStream(to));
    return sizeBytes;
  } catch (error) {
    if (error instanceof TooLarge) return 'too_large';
    throw error;
  }
}

class TooLarge extends Error {}
