import { Occurrences } from './occurrences.ts';
import type { Answer } from './worker.ts';

/** Fewer sequences than this say nothing about classes of faults that did not occur. */
export const SEEDS_LEAST = 300;

/** What a run of the simulator leaves for `.ci/closing-line.mjs`, and for whoever goes on where it stopped. */
export interface Report {
  readonly firstSeed: number;
  /** All seeds before this one were given out. */
  readonly nextSeed: number;
  readonly passed: number;
  readonly failed: number;
  readonly failedSeeds: readonly number[];
  /** Classes that never occurred in a run that is large enough to say so. */
  readonly missing: readonly string[];
  readonly seconds: number;
  readonly executions: number;
  readonly events: number;
  readonly classes: Readonly<Record<string, number>>;
  readonly crashes: Readonly<Record<string, number>>;
}

/** What all sequences together have shown. */
export class Tally {
  readonly #firstSeed: number;
  readonly #occurrences = new Occurrences();
  readonly #failedSeeds: number[] = [];
  #sequences = 0;
  #events = 0;
  #executions = 0;

  constructor(firstSeed: number) {
    this.#firstSeed = firstSeed;
  }

  add({ seed, broken, events, runs, classes, crashes }: Answer): void {
    this.#sequences += 1;
    this.#events += events;
    this.#executions += runs;
    this.#occurrences.add({
      classes: classes.map(([name, count]) => [name, count]),
      crashes: crashes.map(([place, count]) => [place, count]),
    });
    if (broken.length > 0) this.#failedSeeds.push(seed);
  }

  report({ nextSeed, seconds }: { readonly nextSeed: number; readonly seconds: number }): Report {
    const { classes, crashes } = this.#occurrences;
    const isEnough = this.#sequences >= SEEDS_LEAST;
    return {
      ...{ firstSeed: this.#firstSeed, nextSeed },
      ...{ passed: this.#sequences - this.#failedSeeds.length, failed: this.#failedSeeds.length },
      failedSeeds: this.#failedSeeds.toSorted((one, other) => one - other),
      missing: isEnough ? [...classes].filter(([, count]) => count === 0).map(([name]) => name) : [],
      ...{ seconds: Math.round(seconds), executions: this.#executions, events: this.#events },
      classes: Object.fromEntries(classes),
      crashes: Object.fromEntries([...crashes].sort(([, one], [, other]) => other - one)),
    };
  }
}
