import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type BodyClaims, bodyClaimsOf } from './body-claims.ts';
import { openDigest } from './running-digest.ts';
import { S3Problem } from './s3-problem.ts';
import type { ChecksumAlgorithm } from './stored-version.ts';

/** What was found of a body while it passed by. */
interface BodyFacts {
  readonly md5: Buffer;
  readonly sizeBytes: number;
  /** Present when the client named an algorithm; base64. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** The longest XML S3 takes: 10,000 parts with their checksums, or 1,000 keys of 1,024 bytes, escaped. */
const DOCUMENT_BYTES_MAX = 8 * 1024 * 1024;

type Sink = (chunk: Buffer) => Promise<unknown> | unknown;

/** Gives every decoded chunk to `sink`, and throws when the body is not what the request says it is. */
async function receive(request: IncomingMessage, claims: BodyClaims, sink: Sink): Promise<BodyFacts> {
  const trailers = new Map<string, string>();
  const md5 = createHash('md5');
  const sha256 = claims.sha256 === undefined ? undefined : createHash('sha256');
  const checksum = claims.checksum && openDigest(claims.checksum.algorithm);
  let sizeBytes = 0;
  for await (const chunk of claims.chunked ? decodeAwsChunked(request, trailers) : request) {
    sizeBytes += chunk.length;
    for (const digest of [md5, sha256, checksum]) digest?.update(chunk);
    await sink(chunk);
  }
  const facts = { md5: md5.digest(), sizeBytes };
  if (claims.sizeBytes !== undefined && claims.sizeBytes !== sizeBytes) throw new S3Problem('IncompleteBody');
  if (claims.sha256 !== sha256?.digest('hex')) throw new S3Problem('XAmzContentSHA256Mismatch');
  requireDigest('Content-MD5', claims.contentMd5, facts.md5);
  if (claims.checksum === undefined || checksum === undefined) return facts;
  const { algorithm, header, value } = claims.checksum;
  const computed = checksum.digest();
  requireDigest(algorithm, value ?? trailers.get(header), computed);
  return { ...facts, checksum: { algorithm, value: computed.toString('base64') } };
}

function requireDigest(name: string, claimed: string | undefined, computed: Buffer): void {
  if (claimed === undefined) return;
  const bytes = Buffer.from(claimed, 'base64');
  if (bytes.length !== computed.length) throw new S3Problem('InvalidDigest', `Value for ${name} is invalid.`);
  if (!bytes.equals(computed))
    throw new S3Problem('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}

/** A body that has come whole and right, in a file of its own that waits to be moved to its place. */
export interface ReceivedFile extends BodyFacts {
  readonly path: string;
}

/**
 * Streams a request's body into a new file in `folder`; on any error the file is gone again.
 *
 * @throws S3Problem BadDigest, InvalidDigest, IncompleteBody, XAmzContentSHA256Mismatch
 */
export async function receiveFile(request: IncomingMessage, folder: string): Promise<ReceivedFile> {
  const path = join(folder, randomUUID());
  const file = await open(path, 'wx');
  try {
    return { path, ...(await receive(request, bodyClaimsOf(request.headers), (chunk) => file.write(chunk))) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Reads a request's XML.
 *
 * @throws S3Problem MalformedXML when it is longer than any S3 takes, and as `receiveFile` does.
 */
export async function receiveDocument(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let left = DOCUMENT_BYTES_MAX;
  await receive(request, bodyClaimsOf(request.headers), (chunk) => {
    left -= chunk.length;
    if (left < 0) throw new S3Problem('MalformedXML');
    chunks.push(chunk);
  });
  return Buffer.concat(chunks).toString('utf8');
}
