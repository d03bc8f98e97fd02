import { Abandoned, unlessAborted } from './abort.ts';

/** What became of strands that ran side by side. */
export interface SideBySide {
  /** Results by index; an index is missing where its strand failed. */
  readonly results: ReadonlyMap<number, unknown>;
  /** The failure that stopped the rest; undefined where nothing did. */
  readonly stoppedBy: unknown;
  /** Indexes that were under way when the rest was stopped. */
  readonly aborted: readonly number[];
}

/**
 * Runs `count` strands, at most `atOnce` at a time, in order of their index. The first failure that is not tolerated aborts
 * those under way and starts no more.
 *
 * @param tolerates whether so many failures still let the rest go on.
 * @throws the outer signal's reason when all of it is given up.
 */
export async function runSideBySide(
  count: number,
  atOnce: number,
  outer: AbortSignal,
  run: (index: number, signal: AbortSignal) => Promise<unknown>,
  tolerates: (failures: number) => boolean = () => false,
): Promise<SideBySide> {
  const controller = new AbortController();
  const signal = AbortSignal.any([outer, controller.signal]);
  const results = new Map<number, unknown>();
  const underWay = new Set<number>();
  let next = 0;
  let failures = 0;
  let stop: { readonly reason: unknown } | undefined;
  const worker = async () => {
    while (next < count && stop === undefined) {
      const index = next++;
      underWay.add(index);
      try {
        results.set(index, await unlessAborted(run(index, signal), signal));
        underWay.delete(index);
      } catch (thrown) {
        outer.throwIfAborted();
        if (stop !== undefined) return;
        underWay.delete(index);
        failures += 1;
        if (tolerates(failures)) continue;
        stop = { reason: thrown };
        controller.abort(new Abandoned('a strand beside this one failed'));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, atOnce) }, worker));
  return { results, stoppedBy: stop?.reason, aborted: [...underWay].sort((a, b) => a - b) };
}
