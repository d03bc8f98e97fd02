import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** A stream that lets bytes through as they are; `hash` gives their SHA-256 in hex once all have passed. */
export function hashingPassThrough(): { stream: Transform; hash: () => string } {
  const digest = createHash('sha256');
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, hash: () => digest.digest('hex') };
}
