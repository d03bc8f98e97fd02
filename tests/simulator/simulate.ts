import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quickFolder } from './hall.ts';
import { Occurrences } from './occurrences.ts';
import type { Answer, Ask } from './worker.ts';

const USAGE = `npm run simulate -- [--seeds N | --minutes M] [--seed S] [--workers W] [--trace]
  --seeds    play exactly so many sequences
  --minutes  play as many as fit, at least ${300} (4 minutes where neither is given)
  --seed     the first seed, 1 where it is not given
  --workers  processes, 2 where it is not given
  --trace    write down what happens in each sequence`;

/** Fewer sequences than this say nothing about classes of faults that did not occur. */
const SEEDS_LEAST = 300;
const SECONDS_BETWEEN_WORDS = 15;
const CRASH_PLACES_SHOWN = 12;

interface Options {
  readonly seed: number;
  readonly seeds: number | undefined;
  readonly minutes: number;
  readonly workers: number;
  readonly trace: boolean;
}

function readOptions(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { seeds: text, minutes: text, seed: text, workers: text, trace: { type: 'boolean' } },
  });
  const whole = (name: 'seeds' | 'minutes' | 'seed' | 'workers'): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value)) throw new Error(`--${name} is a whole number\n${USAGE}`);
    return Number(value);
  };
  return {
    ...{ seed: whole('seed') ?? 1, seeds: whole('seeds'), minutes: whole('minutes') ?? 4 },
    ...{ workers: whole('workers') ?? 2, trace: values.trace ?? false },
  };
}

/** What all sequences together have shown. */
class Tally {
  readonly occurrences = new Occurrences();
  readonly failures: Answer[] = [];
  sequences = 0;
  events = 0;
  runs = 0;

  add(answer: Answer): void {
    this.sequences += 1;
    this.events += answer.events;
    this.runs += answer.runs;
    this.occurrences.add({
      classes: answer.classes.map(([name, count]) => [name, count]),
      crashes: answer.crashes.map(([place, count]) => [place, count]),
    });
    if (answer.broken.length > 0) this.failures.push(answer);
  }

  /** Classes that a run of this size has to have shown, and has not. */
  get missing(): readonly string[] {
    if (this.sequences < SEEDS_LEAST) return [];
    return [...this.occurrences.classes].filter(([, count]) => count === 0).map(([name]) => name);
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`);

function sayFailure({ seed, broken, shrunk }: Answer): void {
  say(`\nSEED ${seed} FAILS`);
  for (const line of broken) say(`  ${line}`);
  if (shrunk === undefined) return;
  say(`  what is left when all else is left out: ${JSON.stringify(shrunk.plan)}`);
  for (const line of shrunk.broken) say(`    ${line}`);
  for (const line of shrunk.trace) say(`    ${line}`);
  say(`  again: npm run simulate -- --seed ${seed} --seeds 1 --trace\n`);
}

function sayTable(tally: Tally, first: number, seconds: number): void {
  const { classes, crashes } = tally.occurrences;
  say(`\nsequences ${tally.sequences} (seeds from ${first}), of them failed ${tally.failures.length}`);
  say(`executions ${tally.runs}, events ${tally.events}, seconds ${Math.round(seconds)}`);
  for (const [name, count] of classes) say(`  ${name.padEnd(34)} ${count}`);
  const often = [...crashes].sort(([, one], [, other]) => other - one);
  say(`places where a function died: ${often.length}`);
  for (const [place, count] of often.slice(0, CRASH_PLACES_SHOWN)) say(`  ${String(count).padStart(5)} ${place}`);
}

async function simulate(options: Options): Promise<Tally> {
  const tally = new Tally();
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let next = options.seed;
  const isEnough = () => {
    const begun = next - options.seed;
    if (options.seeds !== undefined) return begun >= options.seeds;
    return begun >= SEEDS_LEAST && seconds() > options.minutes * 60;
  };
  const words = setInterval(() => {
    say(`${Math.round(seconds())} s: ${tally.sequences} sequences, ${tally.failures.length} failed`);
  }, SECONDS_BETWEEN_WORDS * 1000);
  const work = (child: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      const ask = () => {
        if (isEnough()) return child.disconnect();
        child.send({ seed: next, trace: options.trace } satisfies Ask);
        next += 1;
      };
      child.on('message', (told: Answer | 'ready') => {
        if (told !== 'ready') {
          for (const line of told.trace ?? []) say(line);
          tally.add(told);
          if (told.broken.length > 0) sayFailure(told);
        }
        ask();
      });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    });
  const shared = quickFolder();
  const count = Math.min(options.workers, options.seeds ?? options.workers);
  const children = Array.from({ length: count }, () => fork(join(import.meta.dirname, 'worker.ts'), [shared]));
  try {
    await Promise.all(children.map(work));
  } finally {
    clearInterval(words);
    for (const child of children) child.kill();
    rmSync(shared, { recursive: true, force: true });
  }
  sayTable(tally, options.seed, seconds());
  return tally;
}

const tally = await simulate(readOptions());
for (const name of tally.missing) say(`NEVER OCCURRED: ${name}`);
process.exitCode = tally.failures.length > 0 || tally.missing.length > 0 ? 1 : 0;
