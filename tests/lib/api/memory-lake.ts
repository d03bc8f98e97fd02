import { copyFile } from 'node:fs/promises';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';

/** The part of the lake that the API reads: texts by key, and files of the local disk by key. */
export interface MemoryLake extends Pick<ObjectStore, 'bucket' | 'readText' | 'download' | 'writeText'> {
  readonly texts: Map<string, string>;
  readonly files: Map<string, string>;
}

/** An empty lake. */
export function memoryLake(): MemoryLake {
  const texts = new Map<string, string>();
  const files = new Map<string, string>();
  return {
    bucket: 'lake',
    texts,
    files,
    readText: async (key) => {
      const text = texts.get(key);
      return text === undefined ? undefined : { text, etag: '"1"' };
    },
    writeText: async (key, text) => {
      texts.set(key, text);
      return { key, etag: '"1"', sizeBytes: text.length };
    },
    download: async (key, path) => {
      const file = files.get(key);
      if (file === undefined) return undefined;
      await copyFile(file, path);
      return { key, etag: '"1"', sizeBytes: 1, sha256: '' };
    },
  };
}
