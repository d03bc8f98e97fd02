import type { ObjectStore } from '../ports/object-store.ts';

/** One published list as it has to be: its lines, or undefined where there must be none. */
export interface WantedList {
  readonly key: string;
  readonly text: string | undefined;
}

/**
 * Brings one published list to what the pointer says, while `isCurrent` says that the pointer is still the writer's.
 *
 * The list's ETag is read before the pointer: a publisher that has been overtaken either sees the pointer moved, or its
 * write fails on the newer list's ETag.
 */
export async function writeList(
  lake: ObjectStore,
  { key, text }: WantedList,
  isCurrent: () => Promise<boolean>,
): Promise<'written' | 'moved'> {
  for (;;) {
    const before = await lake.head(key);
    if (!(await isCurrent())) return 'moved';
    if (before === undefined && text === undefined) return 'written';
    const outcome =
      text === undefined
        ? await lake.delete(key, before?.etag)
        : await lake.writeText(key, text, before === undefined ? { ifAbsent: true } : { ifMatch: before.etag });
    if (outcome !== 'precondition_failed') return 'written';
  }
}
