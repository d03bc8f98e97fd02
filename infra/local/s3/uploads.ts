import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ReceivedFile } from './receive-body.ts';
import { S3Problem } from './s3-problem.ts';
import { ChecksumAlgorithm, ObjectDescription } from './stored-version.ts';

/** A multipart upload that was begun and is neither completed nor aborted. */
export const Upload = z.object({
  bucket: z.string(),
  key: z.string(),
  description: ObjectDescription,
  /** Of the whole object, when one was asked for at the start. */
  checksum: z.object({ algorithm: ChecksumAlgorithm, type: z.enum(['FULL_OBJECT', 'COMPOSITE']) }).optional(),
});
export type Upload = z.infer<typeof Upload>;

const Part = z.object({
  partNumber: z.number().int(),
  file: z.string(),
  /** Without quotes. */
  etag: z.string(),
  sizeBytes: z.number().int(),
  checksum: z.object({ algorithm: ChecksumAlgorithm, value: z.string() }).optional(),
});
type Part = z.infer<typeof Part>;

/** One part as uploaded last. */
export type UploadedPart = Part & { readonly path: string };

const UPLOAD_FILE = 'upload.json';
const PART_RECORD = 'part-';

/** Uploads under way, each a folder of its own, so that one begun before a restart can be completed after it. */
export class Uploads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** @returns the upload id */
  begin(upload: Upload): string {
    const uploadId = randomUUID();
    mkdirSync(join(this.#folder, uploadId));
    writeFileSync(join(this.#folder, uploadId, UPLOAD_FILE), JSON.stringify(upload));
    return uploadId;
  }

  /** @throws S3Problem NoSuchUpload, also when the id belongs to another bucket or key. */
  require(uploadId: string, bucket: string, key: string): Upload {
    const file = join(this.#folder, uploadId, UPLOAD_FILE);
    if (!z.uuid().safeParse(uploadId).success || !existsSync(file)) throw new S3Problem('NoSuchUpload');
    const upload = Upload.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (upload.bucket !== bucket || upload.key !== key) throw new S3Problem('NoSuchUpload');
    return upload;
  }

  /** Moves a received part in; one of the same number is replaced. */
  addPart(uploadId: string, partNumber: number, received: ReceivedFile): void {
    const folder = join(this.#folder, uploadId);
    const file = randomUUID();
    const { md5, sizeBytes, checksum } = received;
    const part: Part = { partNumber, file, etag: md5.toString('hex'), sizeBytes, ...(checksum && { checksum }) };
    renameSync(received.path, join(folder, file));
    writeFileSync(join(folder, `${file}.new`), JSON.stringify(part));
    renameSync(join(folder, `${file}.new`), join(folder, `${PART_RECORD}${partNumber}`));
  }

  /** By part number. */
  parts(uploadId: string): ReadonlyMap<number, UploadedPart> {
    const folder = join(this.#folder, uploadId);
    return new Map(
      readdirSync(folder)
        .filter((name) => name.startsWith(PART_RECORD))
        .map((name) => Part.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
        .map((part) => [part.partNumber, { ...part, path: join(folder, part.file) }]),
    );
  }

  end(uploadId: string): void {
    rmSync(join(this.#folder, uploadId), { recursive: true, force: true });
  }
}
