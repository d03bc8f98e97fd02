import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Objects, StoredObject } from '../../infra/local/s3/objects.ts';
import type { ObjectInfo, ObjectStore, WriteCondition } from '../../lib/ports/object-store.ts';

interface Version {
  readonly versionId: string;
  readonly bytes: Buffer;
  readonly etag: string;
  readonly lastModified: string;
}

/** One bucket in memory, with every version of every object; a deleted object's newest version is undefined. */
export class MemoryBucket {
  readonly name: string;
  readonly #versioned: boolean;
  readonly #now: () => number;
  readonly #versions = new Map<string, (Version | undefined)[]>();
  /** Told of every write that got through, with what was there before; deletions have no bytes. */
  onWrite: (key: string, before: Buffer | undefined, after: Buffer | undefined) => void = () => {};

  constructor(name: string, now: () => number, { versioned = false } = {}) {
    this.name = name;
    this.#now = now;
    this.#versioned = versioned;
  }

  get keys(): readonly string[] {
    return [...this.#versions.keys()].filter((key) => this.bytes(key) !== undefined).sort();
  }

  bytes(key: string, versionId?: string): Buffer | undefined {
    return this.#find(key, versionId)?.bytes;
  }

  info(key: string, versionId?: string): ObjectInfo | undefined {
    const version = this.#find(key, versionId);
    return version && this.#infoOf(key, version);
  }

  put(key: string, bytes: Buffer): ObjectInfo {
    const before = this.bytes(key);
    const versions = this.#versions.get(key) ?? [];
    const version: Version = {
      // The same content as the same version of the same key has the same name in every world: so has its delivery.
      versionId: createHash('sha256').update(`${key}\u0000${versions.length}`).update(bytes).digest('hex').slice(0, 32),
      bytes,
      etag: etagOf(bytes),
      lastModified: `${new Date(this.#now()).toISOString().slice(0, 19)}.000Z`,
    };
    this.#versions.set(key, [...versions, version]);
    this.onWrite(key, before, bytes);
    return this.#infoOf(key, version);
  }

  remove(key: string): void {
    const before = this.bytes(key);
    if (before === undefined) return;
    this.#versions.get(key)?.push(undefined);
    this.onWrite(key, before, undefined);
  }

  /** The port over this bucket, each call done at once. */
  store(): ObjectStore {
    const fails = (key: string, condition: WriteCondition | undefined) => {
      if (condition === undefined) return false;
      const there = this.#find(key);
      return 'ifAbsent' in condition ? there !== undefined : there?.etag !== condition.ifMatch;
    };
    return {
      bucket: this.name,
      head: async (key, versionId) => this.info(key, versionId),
      readText: async (key, versionId) => {
        const version = this.#find(key, versionId);
        return version && { text: version.bytes.toString('utf8'), etag: version.etag };
      },
      download: async (key, path, versionId) => {
        const version = this.#find(key, versionId);
        if (version === undefined) return undefined;
        writeFileSync(path, version.bytes);
        const sha256 = createHash('sha256').update(version.bytes).digest('hex');
        return { ...this.#infoOf(key, version), sha256 };
      },
      upload: async (key, path) => this.put(key, readFileSync(path)),
      writeText: async (key, text, condition) =>
        fails(key, condition) ? 'precondition_failed' : this.put(key, Buffer.from(text, 'utf8')),
      delete: async (key, ifMatch) => {
        if (ifMatch !== undefined && this.#find(key)?.etag !== ifMatch) return 'precondition_failed';
        this.remove(key);
        return 'deleted';
      },
      list: async (prefix) => this.keys.filter((key) => key.startsWith(prefix)).flatMap((key) => this.info(key) ?? []),
    };
  }

  #find(key: string, versionId?: string): Version | undefined {
    const versions = this.#versions.get(key) ?? [];
    return versionId === undefined ? versions.at(-1) : versions.find((version) => version?.versionId === versionId);
  }

  #infoOf(key: string, { etag, bytes, versionId, lastModified }: Version): ObjectInfo {
    return { key, etag, sizeBytes: bytes.length, lastModified, ...(this.#versioned ? { versionId } : {}) };
  }
}

/** Objects as Athena reads and writes them: each content lies once as a plain file in `folder`. */
export function objectsOf(buckets: readonly MemoryBucket[], folder: string): Objects {
  mkdirSync(folder, { recursive: true });
  const bucketOf = (name: string) => buckets.find((bucket) => bucket.name === name);
  const find = (name: string, key: string): StoredObject | undefined => {
    const bytes = bucketOf(name)?.bytes(key);
    if (bytes === undefined) return undefined;
    const etag = etagOf(bytes).replaceAll('"', '');
    const path = join(folder, `${etag}${extname(key)}`);
    if (!existsSync(path)) writeFileSync(path, bytes);
    return { bucket: name, key, path, etag, sizeBytes: bytes.length };
  };
  return {
    find,
    list: (name, prefix) =>
      (bucketOf(name)?.keys ?? []).filter((key) => key.startsWith(prefix)).flatMap((key) => find(name, key) ?? []),
    adopt: async (name, key, path) => {
      const bytes = readFileSync(path);
      rmSync(path);
      bucketOf(name)?.put(key, bytes);
      const stored = find(name, key);
      if (stored === undefined) throw new Error(`no bucket ${name}`);
      return stored;
    },
  };
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
