import type { FunctionName } from '../../lib/names/functions.ts';
import { EXPORTS, FILES } from './bills.ts';
import { type Edit, VARIANTS } from './edits.ts';
import type { Fault, QueueLabel } from './faults.ts';
import { Draws } from './random.ts';

/** One bill that lands. */
export interface PlannedDelivery {
  readonly integration: typeof FILES | typeof EXPORTS;
  /** Which of the bills there are. */
  readonly content: number;
  readonly atSeconds: number;
  /** How long before its landing the bill was made, by its manifest; a bare file is made when it lands. */
  readonly madeSecondsBefore: number;
  /** How often its event comes. */
  readonly events: number;
}

/** What happens in one sequence, all drawn from its seed: bills, edits, faults. */
export interface Plan {
  readonly seed: number;
  readonly deliveries: readonly PlannedDelivery[];
  readonly edits: readonly { readonly edit: Edit; readonly atSeconds: number }[];
  readonly faults: readonly Fault[];
}

/** Bills land and edits are made within this long; a run takes less than a minute. */
const SPAN_SECONDS = 240;

/** Functions in the shares in which faults strike them: those that publish and price more often. */
const FUNCTIONS: readonly [FunctionName, ...FunctionName[]] = [
  'start-run',
  'read-manifest',
  'convert-files',
  'register-delivery',
  'acquire-lease',
  'plan-shards',
  'price-shard',
  'price-shard',
  'reconcile',
  'publish',
  'publish',
  'publish',
  'release-lease',
  'close-run',
  'fail-dead-task',
  'price-additions',
  'api',
];
const QUEUES: readonly [QueueLabel, ...QueueLabel[]] = ['intake', 'convert', 'price', 'price', 'additions'];

/** Draws a sequence. */
export function planOf(seed: number): Plan {
  const draws = new Draws(`sequence ${seed}`);
  const deliveries = Array.from({ length: draws.whole(1, 4) }, () => drawDelivery(draws));
  const kinds = ['rules', 'assignments', 'settings'] as const;
  const edits = Array.from({ length: draws.whole(0, 3) }, () => {
    const kind = draws.one([...kinds] as [Edit['kind'], ...Edit['kind'][]]);
    return { edit: { kind, variant: draws.whole(0, VARIANTS[kind] - 1) }, atSeconds: draws.whole(1, SPAN_SECONDS) };
  });
  const faults = Array.from({ length: draws.whole(1, 5) }, () => drawFault(draws, deliveries.length)).flat();
  return { seed, deliveries, edits, faults };
}

function drawDelivery(draws: Draws): PlannedDelivery {
  const integration = draws.happens(0.5) ? FILES : EXPORTS;
  return {
    integration,
    content: draws.whole(0, integration === FILES ? 2 : 1),
    // Many at the same moment: that is when they meet.
    atSeconds: draws.happens(0.4) ? 5 : draws.whole(1, SPAN_SECONDS),
    madeSecondsBefore: draws.happens(0.4) ? draws.whole(10, 400) : 1,
    events: draws.happens(0.1) ? 5 : 1,
  };
}

function drawFault(draws: Draws, deliveries: number): readonly Fault[] {
  const place = (calls: number) => ({
    in: draws.one(FUNCTIONS),
    invocation: draws.happens(0.6) ? 0 : draws.whole(1, 4),
    call: draws.whole(0, calls),
  });
  const seconds = draws.one([2, 20, 90, 280, 600]);
  switch (draws.whole(0, 13)) {
    case 0:
    case 1:
      return [{ kind: 'crash', when: draws.one(['before', 'after', 'later']), seconds, ...place(9) }];
    case 2:
    case 3:
      return [{ kind: 'call', how: draws.one(['throttled', 'failed', 'answer_lost']), ...place(14) }];
    case 4:
      return [{ kind: 'pause', seconds, ...place(14) }];
    case 5:
      return [
        {
          kind: 'worker',
          how: draws.one(['throws', 'hangs', 'answers_late', 'answers_twice']),
          in: draws.one(['convert-files', 'price-shard']),
          invocation: draws.whole(0, 3),
        },
      ];
    case 6:
      return [
        {
          kind: 'message',
          queue: draws.one(QUEUES),
          how: draws.one(['lost', 'duplicated', 'delayed']),
          message: draws.whole(0, 5),
          seconds,
        },
      ];
    case 7:
      return [
        { kind: 'object_event', how: draws.one(['lost', 'duplicated', 'delayed']), event: draws.whole(0, 3), seconds },
      ];
    case 8:
      return [{ kind: 'end_event', how: draws.one(['lost', 'delayed']), event: draws.whole(0, 5), seconds }];
    case 9:
      return [
        {
          kind: 'query',
          how: draws.one(['throttled', 'failed', 'failed_after_writing', 'slow']),
          query: draws.whole(0, 8),
          seconds: draws.whole(950, 2500),
        },
      ];
    case 10:
      return [{ kind: 'task', of: draws.one(['lambda', 'sqs']), task: draws.whole(0, 8) }];
    case 11: {
      // What a stopped execution's functions still do is seen only where they take their time over it.
      const stopped = { kind: 'abort', execution: draws.whole(0, 2), seconds: draws.whole(1, 40) } as const;
      const late = {
        kind: 'pause',
        seconds: draws.whole(30, 280),
        in: 'publish',
        invocation: stopped.execution,
      } as const;
      return draws.happens(0.7) ? [stopped, { ...late, call: draws.whole(0, 20) }] : [stopped];
    }
    case 12:
      return [
        {
          kind: 'landing',
          how: draws.one(['changed', 'removed']),
          delivery: draws.whole(0, deliveries - 1),
          seconds: draws.whole(1, 30),
        },
      ];
    default:
      return [{ kind: 'result_altered', upload: draws.whole(0, 12) }];
  }
}
