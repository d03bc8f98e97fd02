import type { IncomingMessage } from 'node:http';

/** Above what any AWS service of the JSON and query protocols takes: DynamoDB's 16 MiB is the most. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The whole body of a request as text.
 *
 * @throws RangeError beyond 16 MiB, and the stream's own error when the client goes away.
 */
export async function readRequest(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += chunk.length;
    if (sizeBytes > BODY_BYTES_MAX) throw new RangeError(`The request is longer than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
