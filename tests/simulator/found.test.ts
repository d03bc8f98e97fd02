import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHall } from './hall.ts';
import { withVirtualIntervals } from './invocation.ts';
import type { Plan } from './plan.ts';
import { play } from './sequence.ts';

let hall: Awaited<ReturnType<typeof openHall>>;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());

/** What the simulator has found, shrunk, each by what went wrong. */
const FOUND: Readonly<Record<string, Plan>> = {
  'a copy of a bill did not help a period whose delivered files had been changed in place': {
    seed: 35,
    deliveries: [
      { integration: 'globex', content: 0, atSeconds: 5, madeSecondsBefore: 318, events: 1 },
      { integration: 'globex', content: 0, atSeconds: 5, madeSecondsBefore: 56, events: 1 },
    ],
    edits: [{ edit: { kind: 'assignments', variant: 0 }, atSeconds: 16 }],
    faults: [{ kind: 'landing', how: 'changed', delivery: 1, seconds: 24 }],
  },
  'an ask for additions that was lost was never made again': {
    seed: 1,
    deliveries: [{ integration: 'acme', content: 0, atSeconds: 5, madeSecondsBefore: 1, events: 1 }],
    edits: [{ edit: { kind: 'rules', variant: 2 }, atSeconds: 100 }],
    faults: [{ kind: 'message', queue: 'additions', how: 'lost', message: 1, seconds: 1 }],
  },
};

describe('What the simulator has found stays mended:', () => {
  test.each(Object.entries(FOUND))(
    '%s',
    async (_, plan) => {
      expect((await withVirtualIntervals(() => play(hall, plan))).broken).toEqual([]);
    },
    300_000,
  );
});
