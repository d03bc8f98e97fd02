import { expect, test } from 'vitest';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import type { ObjectSweep } from '../../../lib/ports/object-sweep.ts';

/** What every sweep of a bucket does; `open` gives an empty bucket and the store that writes into it. */
export function objectSweepBehaviour(open: () => { store: ObjectStore; sweep: ObjectSweep }): void {
  const keysOf = async (sweep: ObjectSweep, prefix: string) => {
    const keys: string[] = [];
    for await (const page of sweep.pages(prefix)) {
      for (const { lastModified } of page) expect(Date.parse(lastModified ?? '')).toBeGreaterThan(0);
      keys.push(...page.map(({ key }) => key));
    }
    return keys;
  };

  test('every object under a prefix is seen once, in key order, also while those before it are deleted', async () => {
    const { store, sweep } = open();
    const keys = Array.from({ length: 1005 }, (_, index) => `seen/${String(index).padStart(4, '0')}`);
    for (const key of [...keys, 'seem', 'seen0']) await store.writeText(key, key);
    expect(await keysOf(sweep, 'seen/')).toEqual(keys);
    for await (const page of sweep.pages('seen/')) await sweep.deleteAll(page.map(({ key }) => key));
    expect(await keysOf(sweep, 'see')).toEqual(['seem', 'seen0']);
  });

  test('what is deleted is gone, what was gone before is no error, all else stays', async () => {
    const { store, sweep } = open();
    for (const key of ['gone/a b', 'gone/ü&<', 'gone/stays']) await store.writeText(key, key);
    await sweep.deleteAll(['gone/a b', 'gone/ü&<', 'gone/never']);
    await sweep.deleteAll(['gone/a b']);
    await sweep.deleteAll([]);
    expect(await keysOf(sweep, 'gone/')).toEqual(['gone/stays']);
    expect(await store.readText('gone/a b')).toBeUndefined();
  });
}
