import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { quickFolder } from './hall.ts';
import { type Report, SEEDS_LEAST, Tally } from './tally.ts';
import type { Answer, Ask } from './worker.ts';

const USAGE = `npm run simulate -- [--seeds N | --minutes M] [--seed S] [--workers W] [--report FILE] [--trace]
  --seeds    play exactly so many sequences
  --minutes  play as many as fit, at least ${SEEDS_LEAST} (4 minutes where neither is given)
  --seed     the first seed, 1 where it is not given
  --workers  processes, 2 where it is not given
  --report   where the counts are written, .cache/simulator.json where it is not given
  --trace    write down what happens in each sequence`;

const SECONDS_BETWEEN_WORDS = 15;
const CRASH_PLACES_SHOWN = 12;

interface Options {
  readonly seed: number;
  readonly seeds: number | undefined;
  readonly minutes: number;
  readonly workers: number;
  readonly report: string;
  readonly trace: boolean;
}

function readOptions(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { seeds: text, minutes: text, seed: text, workers: text, report: text, trace: { type: 'boolean' } },
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
    report: values.report ?? join(import.meta.dirname, '../../.cache/simulator.json'),
  };
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

function saySummary(report: Report): void {
  const { classes, crashes, executions, events, seconds } = report;
  say(`\nexecutions ${executions}, events ${events}, seconds ${seconds}`);
  for (const [name, count] of Object.entries(classes)) say(`  ${name.padEnd(34)} ${count}`);
  const places = Object.entries(crashes);
  say(`places where a function died: ${places.length}`);
  for (const [place, count] of places.slice(0, CRASH_PLACES_SHOWN)) say(`  ${String(count).padStart(5)} ${place}`);
  for (const name of report.missing) say(`NEVER OCCURRED: ${name}`);
  if (report.failed > 0) say(`failed: ${report.failedSeeds.join(' ')}`);
  const shown = `${Object.values(classes).filter((count) => count > 0).length} of ${Object.keys(classes).length}`;
  say(`simulator: ${report.passed} passed, ${report.failed} failed; ${shown} classes of faults shown`);
}

/** Plays the sequences in processes of their own; what one has computed the others find. */
async function simulate(options: Options): Promise<Report> {
  const tally = new Tally(options.seed);
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let next = options.seed;
  const isEnough = () => {
    const begun = next - options.seed;
    if (options.seeds !== undefined) return begun >= options.seeds;
    return begun >= SEEDS_LEAST && seconds() > options.minutes * 60;
  };
  const written = (): Report => {
    const report = tally.report({ nextSeed: next, seconds: seconds() });
    mkdirSync(dirname(options.report), { recursive: true });
    writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
    return report;
  };
  const words = setInterval(() => {
    const { passed, failed } = written();
    say(`${Math.round(seconds())} s: ${passed} passed, ${failed} failed, next is seed ${next}`);
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
  rmSync(options.report, { force: true });
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
  return written();
}

const report = await simulate(readOptions());
saySummary(report);
process.exitCode = report.failed > 0 || report.missing.length > 0 || report.passed === 0 ? 1 : 0;
