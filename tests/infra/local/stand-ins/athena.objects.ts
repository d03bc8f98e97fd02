import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Objects, StoredObject } from '../../../../infra/local/s3/objects.ts';

/** Objects in one folder, for tests of what reads and writes them; no versions, no events. */
export class FolderObjects implements Objects {
  readonly #folder: string;
  readonly #objects = new Map<string, StoredObject>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  find(bucket: string, key: string): StoredObject | undefined {
    return this.#objects.get(`${bucket}/${key}`);
  }

  list(bucket: string, prefix: string): readonly StoredObject[] {
    return [...this.#objects.values()]
      .filter((object) => object.bucket === bucket && object.key.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  async adopt(bucket: string, key: string, path: string): Promise<StoredObject> {
    const own = this.newPath(key);
    renameSync(path, own);
    const object = { bucket, key, path: own, etag: randomUUID(), sizeBytes: statSync(own).size };
    this.#objects.set(`${bucket}/${key}`, object);
    return object;
  }

  /** A path of the folder for a file that is to be adopted. */
  newPath(key: string): string {
    return join(this.#folder, `${randomUUID().replaceAll('-', '')}${extname(key)}`);
  }

  async put(bucket: string, key: string, text: string): Promise<StoredObject> {
    const path = this.newPath(key);
    writeFileSync(path, text);
    return this.adopt(bucket, key, path);
  }

  remove(bucket: string, key: string): void {
    const object = this.find(bucket, key);
    if (object) rmSync(object.path);
    this.#objects.delete(`${bucket}/${key}`);
  }

  read(bucket: string, key: string): string {
    return readFileSync(this.find(bucket, key)?.path ?? '', 'utf8');
  }
}
