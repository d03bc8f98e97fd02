import { S3Problem } from './s3-problem.ts';

const LINE_BYTES_MAX = 4096;
const NOTHING = Buffer.alloc(0);

/** Hands out a stream's bytes by line or by count, whatever pieces they came in. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = NOTHING;

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** At least one byte and at most `count`. */
  async some(count: number): Promise<Buffer> {
    if (this.#held.length === 0) await this.#more();
    const bytes = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(bytes.length);
    return bytes;
  }

  /** Without its CRLF. */
  async line(): Promise<string> {
    let end = this.#held.indexOf('\r\n');
    while (end < 0) {
      if (this.#held.length > LINE_BYTES_MAX) throw new S3Problem('InvalidRequest', 'A chunk has no size');
      await this.#more();
      end = this.#held.indexOf('\r\n');
    }
    const line = this.#held.toString('latin1', 0, end);
    this.#held = this.#held.subarray(end + 2);
    return line;
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done === true) throw new S3Problem('IncompleteBody');
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
  }
}

/**
 * Takes the body out of the `aws-chunked` coding, which the SDK uses for every stream, and fills `trailers` (lower-case
 * names) with what follows it, such as `x-amz-checksum-crc32`. Chunk signatures are passed over.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @throws S3Problem IncompleteBody, InvalidRequest
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  for (;;) {
    const size = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec(await reader.line())?.[1];
    if (size === undefined) throw new S3Problem('InvalidRequest', 'A chunk has no size');
    let left = Number.parseInt(size, 16);
    if (left === 0) break;
    while (left > 0) {
      const bytes = await reader.some(left);
      left -= bytes.length;
      yield bytes;
    }
    if ((await reader.line()) !== '') throw new S3Problem('InvalidRequest', 'A chunk is longer than its size');
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}
