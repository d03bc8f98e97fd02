import type { FaultClass } from './faults.ts';
import { openHall } from './hall.ts';
import { withVirtualIntervals } from './invocation.ts';
import { type Plan, planOf } from './plan.ts';
import { play } from './sequence.ts';
import { shrink } from './shrink.ts';

/** What a worker is told: play this seed. */
export interface Ask {
  readonly seed: number;
  readonly trace: boolean;
}

/** How a sequence went, as it goes to the parent. */
export interface Answer {
  readonly seed: number;
  readonly broken: readonly string[];
  readonly classes: readonly (readonly [FaultClass, number])[];
  readonly crashes: readonly (readonly [string, number])[];
  readonly events: number;
  readonly runs: number;
  /** Of a failure: what is left when everything that does not matter is left out, and what happens then. */
  readonly shrunk?: { readonly plan: Plan; readonly broken: readonly string[]; readonly trace: readonly string[] };
  /** Of any sequence, where it was asked for. */
  readonly trace?: readonly string[];
}

const [, , shared = ''] = process.argv;
// Before anything is opened: whoever asks may be gone by then.
let close = () => {};
process.on('disconnect', () => {
  close();
  process.exit(0);
});
const hall = await openHall({ shared });
close = hall.close;

async function answer({ seed, trace }: Ask): Promise<Answer> {
  const plan = planOf(seed);
  const lines: string[] = [];
  const outcome = await play(hall, plan, trace ? { trace: (line) => lines.push(line) } : {});
  const { classes, crashes } = outcome.occurrences;
  const told: Answer = {
    ...{ seed, broken: outcome.broken, events: outcome.events, runs: outcome.runs },
    ...{ classes: [...classes], crashes: [...crashes] },
    ...(trace ? { trace: [JSON.stringify(plan), ...lines] } : {}),
  };
  if (outcome.broken.length === 0) return told;
  const smallest = await shrink(plan, async (smaller) => (await play(hall, smaller)).broken.length > 0);
  const smallTrace: string[] = [];
  const { broken } = await play(hall, smallest, { trace: (line) => smallTrace.push(line) });
  return { ...told, shrunk: { plan: smallest, broken, trace: smallTrace } };
}

process.on('message', (ask: Ask) => {
  void withVirtualIntervals(() => answer(ask)).then((told) => process.send?.(told));
});
process.send?.('ready');
