import { z } from 'zod';

/** So long after nothing names a file any more, somebody may still be reading it: a day (`architecture.md`, Storage). */
export const READERS_SECONDS = 86_400;
/** Kept of one pointer at most. Published more often than every seven minutes, the oldest give way: whoever reads them reads the pointer again. */
const RETIRED_MOST = 200;

/** What a pointer named and nothing can bring back: a run that is too many runs ago, a pricing of additions that was replaced. */
export const Retired = z.object({ id: z.string(), at: z.iso.datetime() });
export type Retired = z.infer<typeof Retired>;

/** What a pointer remembers of those that it named before, and whether its lists have followed it yet. */
interface Remembering {
  readonly retired?: readonly Retired[] | undefined;
  readonly listsOwed?: boolean | undefined;
}

/**
 * The retired whose files may be read after `since`: all of them where the lists have not followed the pointer, for readers
 * are still at what it replaced.
 */
export function retiredInUse(pointer: Remembering | undefined, since: string): readonly Retired[] {
  const retired = pointer?.retired ?? [];
  return pointer?.listsOwed ? retired : retired.filter(({ at }) => at > since);
}

/** The retired with those that retire at `at`; without those whose readers are gone by then. */
export function retiredWith(before: Remembering | undefined, ids: readonly string[], at: string): readonly Retired[] {
  const since = new Date(Date.parse(at) - READERS_SECONDS * 1000).toISOString();
  return [...retiredInUse(before, since), ...ids.map((id) => ({ id, at }))].slice(-RETIRED_MOST);
}
