import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDeployment } from './deployment.ts';
import type { Edit } from './edits.ts';
import type { Fault } from './faults.ts';
import { openHall } from './hall.ts';
import { withVirtualIntervals } from './invocation.ts';
import { type Plan, planOf } from './plan.ts';
import {
  NO_CONDITIONAL_LISTS,
  NO_FENCE,
  splitPrefixReused,
  totalsOfWorkers,
  WORKERS_PREFIX_REUSED,
} from './planted.ts';
import type { Planted } from './planted-bug.ts';
import { Draws } from './random.ts';
import { type Hall, play } from './sequence.ts';
import { shrink } from './shrink.ts';

let hall: Awaited<ReturnType<typeof openHall>>;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());

const MINUTES = 60_000;

/** Plays a plan; `trace` gets what happened. */
function played(plan: Plan, { planted = {}, in: where = hall }: { planted?: Planted; in?: Hall } = {}) {
  const trace: string[] = [];
  return withVirtualIntervals(() => play(where, plan, { planted, trace: (line) => trace.push(line) })).then(
    (outcome) => ({ ...outcome, trace }),
  );
}

/** One bill that is delivered, priced anew some seconds later, with these faults. */
function aBillAndEdits(seed: number, faults: readonly Fault[], editsAt: readonly number[]): Plan {
  const kinds: readonly Edit[] = [
    { kind: 'assignments', variant: 0 },
    { kind: 'rules', variant: 0 },
  ];
  const delivery = { integration: 'acme', content: 0, atSeconds: 5, madeSecondsBefore: 1, events: 1 } as const;
  const edits = editsAt.map((atSeconds, index) => ({
    atSeconds,
    edit: kinds[index] ?? { kind: 'settings', variant: 0 },
  }));
  return { seed, deliveries: [delivery], edits, faults };
}

/** A run that is stopped while its Publish stands still at one of its calls, and an edit that has the next one overtake it. */
function overtaken(seed: number): Plan {
  const draws = new Draws(`overtaken ${seed}`);
  const pause = { kind: 'pause', in: 'publish', invocation: 0, call: draws.whole(2, 24), seconds: 200 } as const;
  return aBillAndEdits(seed, [pause, { kind: 'abort', execution: 0, seconds: draws.whole(25, 60) }], [100, 110]);
}

/** The first of `seeds` whose plan shows something broken, and what. */
async function firstBroken(
  seeds: number,
  planFor: (seed: number) => Plan,
  options: { planted?: Planted; in?: Hall },
): Promise<readonly string[]> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { broken } = await played(planFor(seed), options);
    if (broken.length > 0) return broken;
  }
  return [];
}

describe('A sequence', () => {
  test(
    'is the same in every replay, event by event',
    async () => {
      const plan = planOf(7);
      const [first, second] = [await played(plan), await played(plan)];
      expect(first.trace.length).toBeGreaterThan(200);
      expect(second.trace).toEqual(first.trace);
    },
    5 * MINUTES,
  );

  test(
    'of one undisturbed bill ends published, in the shards that the template’s Map was given',
    async () => {
      const { broken, trace } = await played(aBillAndEdits(1, [], []));
      expect(broken).toEqual([]);
      expect(trace.filter((line) => line.includes('> price-shard')).length).toBeGreaterThan(1);
      expect(trace.some((line) => line.includes('> price-additions'))).toBe(true);
    },
    5 * MINUTES,
  );

  test('that fails is shrunk to what it takes', async () => {
    const plan = planOf(5);
    const needs = (smaller: Plan) => smaller.deliveries.length > 0 && smaller.faults.length > 0;
    const smallest = await shrink(plan, async (smaller) => needs(smaller));
    expect(smallest).toMatchObject({ deliveries: [plan.deliveries.at(-1)], edits: [], faults: [plan.faults.at(-1)] });
  });
});

describe('A planted bug is found within some seeds, and without it nothing is:', () => {
  const SEEDS = 40;

  test(
    'no fence',
    async () => {
      expect(await firstBroken(SEEDS, overtaken, { planted: NO_FENCE })).toContainEqual(
        expect.stringMatching(/a run without the lease published|an older configuration .* was published/),
      );
    },
    10 * MINUTES,
  );

  test(
    'no conditional write of the lists',
    async () => {
      expect(await firstBroken(SEEDS, overtaken, { planted: NO_CONDITIONAL_LISTS })).toContainEqual(
        expect.stringMatching(/a list of the published run was written over/),
      );
    },
    10 * MINUTES,
  );

  test(
    'a worker’s prefix used again',
    async () => {
      const twice = (seed: number) => aBillAndEdits(seed, [], [90]);
      expect(await firstBroken(SEEDS, twice, { planted: WORKERS_PREFIX_REUSED })).toContainEqual(
        expect.stringContaining('a file that is written once was changed'),
      );
    },
    10 * MINUTES,
  );

  test(
    'the prefix of an attempt at the split used again',
    async () => {
      const late = { kind: 'query', how: 'failed_after_writing', query: 2, seconds: 0 } as const;
      const reused = { ...hall, deployment: readDeployment(splitPrefixReused) };
      expect(await firstBroken(SEEDS, (seed) => aBillAndEdits(seed, [late], []), { in: reused })).toContainEqual(
        expect.stringContaining('is quarantined'),
      );
    },
    10 * MINUTES,
  );

  test(
    'totals taken from the workers',
    async () => {
      const altered = (seed: number) => {
        const upload = new Draws(`altered ${seed}`).whole(0, 8);
        return aBillAndEdits(seed, [{ kind: 'result_altered', upload }], [1]);
      };
      expect(await firstBroken(SEEDS, altered, { planted: totalsOfWorkers() })).toContainEqual(
        expect.stringContaining('rows that are not the'),
      );
    },
    10 * MINUTES,
  );

  test(
    'nothing planted, nothing found',
    async () => {
      expect(await firstBroken(12, overtaken, {})).toEqual([]);
      const late = { kind: 'query', how: 'failed_after_writing', query: 2, seconds: 0 } as const;
      expect(await firstBroken(2, (seed) => aBillAndEdits(seed, [late], []), {})).toEqual([]);
      const altered = (seed: number) => aBillAndEdits(seed, [{ kind: 'result_altered', upload: seed }], [1]);
      expect(await firstBroken(9, altered, {})).toEqual([]);
    },
    10 * MINUTES,
  );
});
