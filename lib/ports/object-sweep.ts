import type { ObjectInfo } from './object-store.ts';

/** One bucket, as far as whoever sweeps it needs: there may be more objects than a memory holds. */
export interface ObjectSweep {
  /** All objects under a prefix in key order, a page at a time; `lastModified` is always there. */
  pages(prefix: string): AsyncIterable<readonly ObjectInfo[]>;
  /** Deletes these objects, at most a page of them; one that is gone already is no error. Throws where one stays. */
  deleteAll(keys: readonly string[]): Promise<void>;
}
