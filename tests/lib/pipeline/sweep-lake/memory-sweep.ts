import type { ObjectSweep } from '../../../../lib/ports/object-sweep.ts';
import type { MemoryBucket } from '../../../simulator/memory-bucket.ts';

/** A bucket in memory for its sweeper, in pages of a few objects. */
export function memorySweep(bucket: MemoryBucket, pageObjects = 7): ObjectSweep {
  return {
    async *pages(prefix) {
      let after = '';
      for (;;) {
        const page = bucket.keys.filter((key) => key.startsWith(prefix) && key > after).slice(0, pageObjects);
        if (page.length === 0) return;
        yield page.flatMap((key) => bucket.info(key) ?? []);
        after = page.at(-1) ?? after;
      }
    },
    async deleteAll(keys) {
      for (const key of keys) bucket.remove(key);
    },
  };
}
